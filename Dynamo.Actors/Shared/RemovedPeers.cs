using Akka.Actor;
using Dynamo.Core.Membership;

namespace Dynamo.Actors.Shared;

/// <summary>
/// Addresses of removed nodes, whose writes are refused. A node that was cut off when it was removed does not know so at first when it returns, and its
/// writes may revive keys that were deleted, and their tombstones reaped, while it was away.
/// </summary>
internal sealed class RemovedPeers
{
    private HashSet<NodeAddress> _addresses = [];

    // A removed node still counts while its plan could lose to another one, or is still moving the node's partitions.
    public void Use(ClusterState state) => _addresses =
    [
        .. state.Members.Values
            .Where(m => m.Status == MemberStatus.Removed && state.IsGoneForGood(m.Id) && state.Ring.Serving.PartitionsOwnedBy(m.Id) == 0)
            .Select(m => m.Address).Except(state.Present.Select(m => m.Address)),
    ];

    public bool Has(IActorRef sender) =>
        _addresses.Count > 0 && sender.Path.Address is { Host: { } host, Port: { } port } && _addresses.Contains(new NodeAddress(host, port));
}
