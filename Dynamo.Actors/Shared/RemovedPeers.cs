using Akka.Actor;
using Dynamo.Core.Membership;

namespace Dynamo.Actors.Shared;

/// <summary>
/// The addresses of removed nodes. A node that was cut off when it was removed does not know of it for a moment after it is back, and what it writes
/// may be what was deleted, and its tombstone removed, while it was away.
/// </summary>
internal sealed class RemovedPeers
{
    private HashSet<NodeAddress> _addresses = [];

    // A removed node keeps its place while the plan could still lose to another, or moves what the node owned.
    public void Use(ClusterState state) => _addresses =
    [
        .. state.Members.Values
            .Where(m => m.Status == MemberStatus.Removed && state.IsGoneForGood(m.Id) && state.Ring.Serving.PartitionsOwnedBy(m.Id) == 0)
            .Select(m => m.Address).Except(state.Present.Select(m => m.Address)),
    ];

    public bool Has(IActorRef sender) =>
        _addresses.Count > 0 && sender.Path.Address is { Host: { } host, Port: { } port } && _addresses.Contains(new NodeAddress(host, port));
}
