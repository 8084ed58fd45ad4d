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
    private Opinion? _opinion;

    /// <summary>The cluster as the client knows it; null: not known yet.</summary>
    public ClusterState? State { get; private set; }

    /// <summary>Which nodes answer this client.</summary>
    public Reach Reach { get; } = new(probeTimeout, backOff);

    /// <summary>The node whose opinion of the others the client shares sees more than half of the members: it is hardly the one that is cut off.</summary>
    public bool SeesMost => _opinion is { SeesMost: true };

    /// <summary>Takes over a node's view of the cluster.</summary>
    /// <returns>
    /// False when the client knows better: a newer ring (the node has just started, or was away), or of the same ring the view of a node that sees most members,
    /// while this one sees few.
    /// </returns>
    public bool TryUse(NodeId source, ClusterState state, IEnumerable<NodeId> unreachable)
    {
        var opinion = OpinionOf(source, state, unreachable);
        var isHeeded = IsHeeded(opinion);
        if (State is { } known)
        {
            if (state.Ring.Epoch < known.Ring.Epoch || (state.Ring.Epoch == known.Ring.Epoch && !isHeeded)) return false;
            foreach (var (node, member) in known.Members)
                if (!state.Members.TryGetValue(node, out var now) || now.Address != member.Address) Reach.Forget(node);
        }
        State = state;
        if (isHeeded) _opinion = opinion;
        return true;
    }

    /// <summary>Takes over which nodes are unreachable, unless the client knows better; the state is unchanged.</summary>
    public void Use(NodeId source, IEnumerable<NodeId> unreachable)
    {
        var opinion = OpinionOf(source, State!, unreachable);
        if (IsHeeded(opinion)) _opinion = opinion;
    }

    private static Opinion OpinionOf(NodeId source, ClusterState state, IEnumerable<NodeId> unreachable)
    {
        ImmutableHashSet<NodeId> down = [.. unreachable];
        var (present, seen) = (0, 0);
        foreach (var member in state.Present)
        {
            present++;
            if (!down.Contains(member.Id)) seen++;
        }
        return new Opinion(source, down, SeesMost: seen * 2 > present);
    }

    // A node that is cut off believes that the others are down. One that sees most members knows better, for as long as it answers and says so.
    private bool IsHeeded(Opinion opinion) =>
        opinion.SeesMost || _opinion is not { SeesMost: true } held || held.Source == opinion.Source || !Reach.Answers(held.Source) || IsGone(held.Source);

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
            return answering.IsEmpty ? [.. State.Present.Where(m => !IsDoubted(m.Id))] : answering;
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
        var isDoubted = IsDoubted(node);
        if (Reach.Answers(node)) return isDoubted ? Doubted : Best;
        var failures = Reach.Failures(node);
        return failures == 0 && !isDoubted ? NotHeard : Failing + failures;
    }

    private bool IsDoubted(NodeId node) => _opinion is { Unreachable.Count: > 0 } opinion && opinion.Unreachable.Contains(node);

    // A removed node may still be an owner, until its partitions have moved.
    private bool IsGone(NodeId node) => !State!.Members.TryGetValue(node, out var member) || member.IsGone;

    /// <summary>What a node believes of the others.</summary>
    /// <param name="SeesMost">More than half of the members, itself included, are not unreachable to it.</param>
    private sealed record Opinion(NodeId Source, ImmutableHashSet<NodeId> Unreachable, bool SeesMost);
}
