using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>One node's picture of the cluster: the agreed state, and whom this node believes to be down at the moment.</summary>
public sealed record ClusterView(NodeId Self, ClusterState State, ImmutableHashSet<NodeId> Unreachable)
{
    /// <summary>Who answers for each partition at the moment.</summary>
    public HashRing Ring => State.Ring.Serving;

    /// <summary>It is a member, not gone, and not believed down. One that was removed may still be an owner until its partitions have moved.</summary>
    public bool IsHealthy(NodeId node) => !Unreachable.Contains(node) && State.Members.TryGetValue(node, out var member) && !member.IsGone;

    public NodeAddress? AddressOf(NodeId node) => State.Members.TryGetValue(node, out var member) ? member.Address : null;
}
