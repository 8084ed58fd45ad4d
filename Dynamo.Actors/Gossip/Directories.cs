using Dynamo.Actors.Settings;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Answers the clients that ask for the cluster's directory.</summary>
internal static class Directories
{
    /// <param name="hash">Of the view's state.</param>
    public static IWireMessage Answer(DirectoryRequest request, DynamoSettings settings, ClusterView view, ulong hash) => request.KnownHash == hash
        ? new DirectoryUnchanged([.. view.Unreachable.Order()])
        : new ClusterDirectory(
            settings.Cluster.Name, view.Self, view.State, hash, [.. view.Unreachable.Order()], settings.Bucket, settings.Limits.Requests);
}
