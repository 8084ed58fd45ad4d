using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>
/// Chooses the node for a client's request (client-driven coordination, section 6.4 of the paper): the key's replicas in preference order, with those that
/// recently failed to answer at the end.
/// </summary>
/// <param name="avoidFor">The time for which a node that did not answer comes last.</param>
public sealed class Router(TimeSpan avoidFor)
{
    private readonly Dictionary<NodeId, TimeSpan> _avoidUntil = [];
    private ImmutableHashSet<NodeId> _unreachable = [];

    /// <summary>The cluster as the client knows it; null: not known yet.</summary>
    public ClusterState? State { get; private set; }

    /// <summary>Takes over a node's view of the cluster.</summary>
    /// <returns>False when the client knows a newer ring: the node has just started, or was away.</returns>
    public bool TryUse(ClusterState state, IEnumerable<NodeId> unreachable)
    {
        if (State is { } known && state.Ring.Epoch < known.Ring.Epoch) return false;
        State = state;
        _unreachable = [.. unreachable];
        return true;
    }

    /// <summary>Takes over which nodes are unreachable; the state is unchanged.</summary>
    public void Use(IEnumerable<NodeId> unreachable) => _unreachable = [.. unreachable];

    public void Avoid(NodeId node, TimeSpan now) => _avoidUntil[node] = now + avoidFor;

    public void Answered(NodeId node) => _avoidUntil.Remove(node);

    /// <summary>The next node for a request; null when every node was tried, or there is no ring yet.</summary>
    public NodeId? Next(StorageKey key, IReadOnlyCollection<NodeId> tried, TimeSpan now)
    {
        if (State is not { Ring.Serving: { IsNone: false } ring }) return null;
        NodeId? lastResort = null;
        foreach (var node in ring.Walk(ring.PartitionOf(key.Token)))
        {
            if (tried.Contains(node) || IsGone(node)) continue;
            if (!_unreachable.Contains(node) && !IsAvoided(node, now)) return node;
            lastResort ??= node;
        }
        return lastResort;
    }

    /// <summary>The members that may be asked for the directory.</summary>
    public ImmutableArray<Member> Known => State is null ? [] : [.. State.Present.Where(m => !_unreachable.Contains(m.Id))];

    // A removed node may still be an owner, until its partitions have moved.
    private bool IsGone(NodeId node) => !State!.Members.TryGetValue(node, out var member) || member.IsGone;

    private bool IsAvoided(NodeId node, TimeSpan now) => _avoidUntil.TryGetValue(node, out var until) && now < until;
}
