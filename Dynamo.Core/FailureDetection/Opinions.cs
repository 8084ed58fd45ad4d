using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>
/// The nodes that one node believes out of reach. They are not part of the cluster's state, so they never change the ring.
/// </summary>
/// <param name="Suspected">Nodes found silent by this node and its helpers, or suspected in gossip: down for everyone.</param>
/// <param name="Cut">Nodes out of this node's reach only: others still hear from them, or nobody could say. Never passed on.</param>
public sealed record Opinions(ImmutableSortedDictionary<NodeId, Suspicion> Suspected, ImmutableSortedSet<NodeId> Cut)
{
    // Two names and a count.
    private const int BytesEach = (2 * (NodeId.MaxLength + 1)) + 10;

    public static readonly Opinions None = new(ImmutableSortedDictionary<NodeId, Suspicion>.Empty, []);

    public bool IsUnreachable(NodeId node) => Suspected.ContainsKey(node) || Cut.Contains(node);

    public ImmutableHashSet<NodeId> Unreachable() => [.. Suspected.Keys, .. Cut];

    public Opinions Suspect(Suspicion suspicion) => new(Suspected.SetItem(suspicion.Suspect, suspicion), Cut.Remove(suspicion.Suspect));

    public Opinions CutOff(NodeId node) => this with { Cut = Cut.Add(node) };

    /// <summary>A message came from the node itself.</summary>
    /// <param name="isAnswer">The node answered a question, so the way there works too. Anything less does not end a cut, which may be one-way.</param>
    public Opinions Heard(NodeId node, bool isAnswer) =>
        new(Suspected.Remove(node), isAnswer ? Cut.Remove(node) : Cut);

    /// <summary>Drops suspicions that a later incarnation refuted, and nodes that are gone.</summary>
    public Opinions Refuted(ClusterState state)
    {
        var opinions = this;
        foreach (var suspicion in Suspected.Values)
            if (!IsOfMember(state, suspicion)) opinions = opinions with { Suspected = opinions.Suspected.Remove(suspicion.Suspect) };
        foreach (var node in Cut)
            if (!state.Members.TryGetValue(node, out var member) || member.IsGone) opinions = opinions with { Cut = opinions.Cut.Remove(node) };
        return opinions;
    }

    /// <summary>The suspicions to pass on with a message: all of them, or a random choice of as many as fit.</summary>
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
