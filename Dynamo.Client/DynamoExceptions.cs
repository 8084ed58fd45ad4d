using Dynamo.Core.Membership;

namespace Dynamo.Client;

/// <summary>A request that did not succeed; each meaning has a type of its own.</summary>
public abstract class DynamoException(string message) : Exception(message);

/// <summary>The request itself is wrong: an empty key, a value over the limit, a quorum that cannot be. Nothing was done.</summary>
public sealed class DynamoBadRequestException(string message) : DynamoException(message);

/// <summary>The context is forged, truncated, or of another key or cluster. Nothing was done.</summary>
public sealed class DynamoBadContextException(string message) : DynamoException(message);

/// <summary>The nodes that were tried have as many requests in flight as they may. Nothing was done; try again later.</summary>
public sealed class DynamoOverloadedException(string message) : DynamoException(message);

/// <summary>Too few replicas answered. A write may still take effect.</summary>
public sealed class DynamoQuorumException(string message, int needed, int had) : DynamoException(message)
{
    /// <summary>Answers that were needed.</summary>
    public int Needed { get; } = needed;

    /// <summary>Answers that there were in time.</summary>
    public int Had { get; } = had;
}

/// <summary>No node answered in time, or none that did could serve. The message says so if a write may have taken effect.</summary>
public sealed class DynamoUnavailableException(string message) : DynamoException(message)
{
    internal static DynamoUnavailableException NoAnswer(IEnumerable<NodeAddress> contacts, TimeSpan timeout) =>
        new($"no node answered at {string.Join(", ", contacts)} within {timeout.TotalSeconds:0.###}s");
}
