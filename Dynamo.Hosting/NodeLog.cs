using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Microsoft.Extensions.Logging;

namespace Dynamo.Hosting;

internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Information, "node {Node} of cluster {Cluster} is up at {Address}, engine {Engine}")]
    public static partial void IsUp(this ILogger logger, NodeId node, string cluster, NodeAddress address, string engine);

    [LoggerMessage(2, LogLevel.Information, "node {Node} has stopped")]
    public static partial void HasStopped(this ILogger logger, NodeId node);

    [LoggerMessage(3, LogLevel.Warning, "{Words}")]
    public static partial void IsGone(this ILogger logger, string words);

    [LoggerMessage(4, LogLevel.Critical, "{Words}")]
    public static partial void HasFailed(this ILogger logger, string words);
}
