using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>
/// Whom one node believes out of reach, and why. None of it is part of the cluster's state, so none of it changes the ring.
/// </summary>
/// <param name="Suspected">Found silent by this node and others, or heard to be: down for everyone.</param>
/// <param name="Cut">Out of this node's own reach only: others still hear from it, or nobody could say. Never told on.</param>
public sealed record Opinions(ImmutableSortedDictionary<NodeId, Suspicion> Suspected, ImmutableSortedSet<NodeId> Cut)
{
    // Two names and a count.
    private const int BytesEach = (2 * (NodeId.MaxLength + 1)) + 10;

    public static readonly Opinions None = new(ImmutableSortedDictionary<NodeId, Suspicion>.Empty, []);

    public bool IsUnreachable(NodeId node) => Suspected.ContainsKey(node) || Cut.Contains(node);

    public ImmutableHashSet<NodeId> Unreachable() => [.. Suspected.Keys, .. Cut];

    public Opinions Suspect(Suspicion suspicion) => new(Suspected.SetItem(suspicion.Suspect, suspicion), Cut.Remove(suspicion.Suspect));

    public Opinions CutOff(NodeId node) => this with { Cut = Cut.Add(node) };

    /// <summary>Something came from the node itself.</summary>
    /// <param name="isAnswer">It answered a question: the way there works too. Anything less does not end a cut, which may be in one direction.</param>
    public Opinions Heard(NodeId node, bool isAnswer) =>
        new(Suspected.Remove(node), isAnswer ? Cut.Remove(node) : Cut);

    /// <summary>Without what a later life refuted, and without nodes that are gone.</summary>
    public Opinions Refuted(ClusterState state)
    {
        var opinions = this;
        foreach (var suspicion in Suspected.Values)
            if (!IsOfMember(state, suspicion)) opinions = opinions with { Suspected = opinions.Suspected.Remove(suspicion.Suspect) };
        foreach (var node in Cut)
            if (!state.Members.TryGetValue(node, out var member) || member.IsGone) opinions = opinions with { Cut = opinions.Cut.Remove(node) };
        return opinions;
    }

    /// <summary>The suspicions to pass on with a message: all of them, or so many, drawn by lot, as fit.</summary>
    public ImmutableArray<Suspicion> ToTell(int maxBytes, Random random)
    {
        var max = maxBytes / BytesEach;
        var all = Suspected.Values.ToArray();
        if (all.Length > max) random.Shuffle(all);
        return [.. all.Take(max)];
    }

    /// <param name="isHeardOfLate">This node has heard from the suspect within the silence that it tolerates.</param>
    public Judgement Judge(Suspicion said, Member self, ClusterState state, bool isHeardOfLate)
    {
        if (said.Suspect == self.Id) return said.Incarnation >= self.Incarnation ? Judgement.OfSelf : Judgement.Stale;
        if (!IsOfMember(state, said)) return Judgement.Stale;
        if (Suspected.TryGetValue(said.Suspect, out var known) && known.Incarnation >= said.Incarnation) return Judgement.Known;
        return isHeardOfLate ? Judgement.Contradicted : Judgement.New;
    }

    private static bool IsOfMember(ClusterState state, Suspicion suspicion) =>
        state.Members.TryGetValue(suspicion.Suspect, out var member) && !member.IsGone && member.Incarnation <= suspicion.Incarnation;
}
