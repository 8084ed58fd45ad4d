using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>One node's view of the cluster: the agreed state, and the nodes that it believes down now.</summary>
public sealed record ClusterView(NodeId Self, ClusterState State, ImmutableHashSet<NodeId> Unreachable)
{
    /// <summary>The owners that serve each partition now.</summary>
    public HashRing Ring => State.Ring.Serving;

    /// <summary>The node is a member, not gone, and not believed down. A removed node may still be an owner until its partitions have moved.</summary>
    public bool IsHealthy(NodeId node) => !Unreachable.Contains(node) && State.Members.TryGetValue(node, out var member) && !member.IsGone;

    public NodeAddress? AddressOf(NodeId node) => State.Members.TryGetValue(node, out var member) ? member.Address : null;
}
