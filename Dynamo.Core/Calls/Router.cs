using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>
/// Chooses the node for a client's request (client-driven coordination, section 6.4 of the paper): the first of the key's replicas, in preference order, that
/// answers this client. When none of them does, any other node that answers coordinates the request.
/// </summary>
/// <param name="probeTimeout">Time limit for the answer to a probe.</param>
/// <param name="backOff">From a node's first failure to its next probe; see <see cref="Calls.Reach"/>.</param>
public sealed class Router(TimeSpan probeTimeout, TimeSpan backOff)
{
    // A node's rank for a request: lower is better.
    private const int Best = 0, Doubted = 1, NotHeard = 2, Failing = 3;

    // Nodes that one request has probed: enough to find a key's replicas, and few in a cluster of hundreds.
    private const int MaxWanted = 4;
    private ImmutableHashSet<NodeId> _unreachable = [];

    /// <summary>The cluster as the client knows it; null: not known yet.</summary>
    public ClusterState? State { get; private set; }

    /// <summary>Which nodes answer this client.</summary>
    public Reach Reach { get; } = new(probeTimeout, backOff);

    /// <summary>Takes over a node's view of the cluster.</summary>
    /// <returns>False when the client knows a newer ring: the node has just started, or was away.</returns>
    public bool TryUse(ClusterState state, IEnumerable<NodeId> unreachable)
    {
        if (State is { } known)
        {
            if (state.Ring.Epoch < known.Ring.Epoch) return false;
            foreach (var (node, member) in known.Members)
                if (!state.Members.TryGetValue(node, out var now) || now.Address != member.Address) Reach.Forget(node);
        }
        State = state;
        _unreachable = [.. unreachable];
        return true;
    }

    /// <summary>Takes over which nodes are unreachable; the state is unchanged.</summary>
    public void Use(IEnumerable<NodeId> unreachable) => _unreachable = [.. unreachable];

    /// <summary>The next node for a request; null when every node was tried, or there is no ring yet.</summary>
    public NodeId? Next(StorageKey key, IReadOnlyCollection<NodeId> tried)
    {
        if (State is not { Ring.Serving: { IsNone: false } ring } state) return null;
        NodeId? best = null;
        var (bestRank, wanted) = (int.MaxValue, 0);
        foreach (var node in ring.Walk(ring.PartitionOf(key.Token)))
        {
            if (tried.Contains(node) || IsGone(node)) continue;
            var rank = RankOf(node);
            if (rank == Best) return node;
            if (rank >= NotHeard && wanted++ < MaxWanted) Reach.Want(node);
            if (rank < bestRank) (best, bestRank) = (node, rank);
        }
        // A member that is no owner yet coordinates too.
        return bestRank > Doubted && AnsweringOutside(state, tried) is { } member ? member : best;
    }

    private NodeId? AnsweringOutside(ClusterState state, IReadOnlyCollection<NodeId> tried)
    {
        foreach (var member in state.Present)
            if (Reach.Answers(member.Id) && !tried.Contains(member.Id)) return member.Id;
        return null;
    }

    /// <summary>The members that may be asked for the directory: those that answer, or else all that are not believed down.</summary>
    public ImmutableArray<Member> Known
    {
        get
        {
            if (State is null) return [];
            ImmutableArray<Member> answering = [.. State.Present.Where(m => Reach.Answers(m.Id))];
            return answering.IsEmpty ? [.. State.Present.Where(m => !_unreachable.Contains(m.Id))] : answering;
        }
    }

    /// <summary>The present member at an address, or null.</summary>
    public NodeId? NodeAt(NodeAddress address)
    {
        foreach (var member in State?.Present ?? [])
            if (member.Address == address) return member.Id;
        return null;
    }

    // What the client has seen itself counts more than what a node believes, which may be the one that is cut off. The more often a node has failed, the later
    // its turn.
    private int RankOf(NodeId node)
    {
        var isDoubted = _unreachable.Count > 0 && _unreachable.Contains(node);
        if (Reach.Answers(node)) return isDoubted ? Doubted : Best;
        var failures = Reach.Failures(node);
        return failures == 0 && !isDoubted ? NotHeard : Failing + failures;
    }

    // A removed node may still be an owner, until its partitions have moved.
    private bool IsGone(NodeId node) => !State!.Members.TryGetValue(node, out var member) || member.IsGone;
}
