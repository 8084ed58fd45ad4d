using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>A change of the ring that cannot be staged or committed; the message says why and what to do.</summary>
public sealed class PlanException(string message) : Exception(message);

/// <summary>
/// The effect of committing the staged changes. A pure function of the cluster's state and of which replaced nodes answer: equal inputs make the same
/// plan, so an operator commits by id exactly the plan that was shown.
/// </summary>
/// <param name="Removed">Nodes that hand nothing over: force-removed ones, and replaced ones that do not answer. Data that only they hold is lost.</param>
/// <param name="Moves">The partitions that nodes receive.</param>
/// <param name="Risks">Partitions that have fewer replicas or zones than they should under the new table.</param>
/// <param name="Lost">Partitions with no owner left: data that only the old owners held is gone, and the new owners begin empty.</param>
public sealed record RingPlan(
    long BaseEpoch, ulong Id, HashRing Target, ImmutableArray<Claimant> Claimants, ImmutableArray<NodeId> Removed, ImmutableArray<PlaceMove> Moves,
    ImmutableArray<PartitionRisk> Risks, ImmutableArray<int> Lost)
{
    /// <param name="fallback">Options of buckets that have none of their own. The ring has as many replicas as the largest N of any bucket.</param>
    /// <param name="isReachable">Whether the planning node believes a member reachable.</param>
    /// <exception cref="PlanException">There is no ring yet, no node would be left, or there is nothing to do.</exception>
    public static RingPlan Of(ClusterState state, BucketOptions fallback, Func<NodeId, bool> isReachable)
    {
        var ring = state.Ring;
        if (ring.To.IsNone) throw new PlanException("there is no ring yet");
        var staged = state.Staged.ToDictionary();
        if (staged.Count == 0 && !ring.IsSettled) throw new PlanException($"nothing is staged; the plan of epoch {ring.Epoch} is under way");
        var claimants = ClaimantsOf(state, staged);
        if (claimants.IsEmpty) throw new PlanException("no node would be left: the last one cannot leave");
        var replacements = staged.Where(s => s.Value is { Kind: ChangeKind.Replace, By: not null }).ToDictionary(s => s.Key, s => s.Value.By!.Value);
        var replicas = Math.Min(QuorumRules.MaxN, state.MaxReplicas(fallback));
        var owners = Claim.Assign(ring.Serving.Owners, claimants, replicas, replacements);
        var target = new HashRing(ring.Epoch + 1, owners);
        if (staged.Count == 0 && target.HasOwnersOf(ring.Serving)) throw new PlanException("nothing is staged, and the ring is as it should be");
        ImmutableArray<NodeId> removed =
        [
            .. staged.Where(s => s.Value.Kind == ChangeKind.ForceRemove || (s.Value.Kind == ChangeKind.Replace && !isReachable(s.Key))).Select(s => s.Key).Order(),
        ];
        return new RingPlan(
            ring.Epoch, IdOf(ring.Serving, target, staged, removed), target, claimants, removed, Claim.Moves(ring.Serving.Owners, owners),
            Claim.Risks(owners, claimants, replicas), [.. Enumerable.Range(0, target.PartitionCount).Where(p => ring.Serving.Owners[p].All(IsLost))]);

        bool IsLost(NodeId node) => !state.Members.TryGetValue(node, out var member) || member.IsGone || removed.Contains(node);
    }

    /// <summary>The state after the commit.</summary>
    /// <param name="isReachable">Whether the committing node believes a member reachable.</param>
    /// <exception cref="PlanException">A change is in progress, or a node that must know of the plan does not answer.</exception>
    public ClusterState Commit(ClusterState state, NodeId self, Func<NodeId, bool> isReachable)
    {
        var staged = state.Staged.ToDictionary();
        var ring = state.Ring;
        if (!ring.IsSettled && Removed.IsEmpty)
        {
            var left = Enumerable.Range(0, ring.To.PartitionCount).Count(p => !ring.IsMoved(p));
            throw new PlanException($"the change of epoch {ring.Epoch} is under way: {left} of {ring.To.PartitionCount} partitions still have to move. Wait for it, or force-remove the node that holds it up");
        }
        var standings = StandingsAfter(state, staged);
        foreach (var (node, status) in standings)
            // A node that this one has not met (a founder that never came, or any node if this one's store is new) counts as silent too.
            if (status is MemberStatus.Up or MemberStatus.Leaving && !(state.Members.TryGetValue(node, out var member) && member.IsGone) && !isReachable(node))
                throw new PlanException($"node {node} does not answer, and every node that stays or hands over must know of a plan before anything moves. Bring it back, replace it, or force-remove it");
        return state.With(new RingVersion(ring.Serving, Target, Id, standings).KnownBy(self));
    }

    private ImmutableSortedDictionary<NodeId, MemberStatus> StandingsAfter(ClusterState state, Dictionary<NodeId, StagedChange> staged)
    {
        var standings = state.Ring.Standings.ToBuilder();
        foreach (var (node, change) in staged)
        {
            standings[node] = change.Kind switch
            {
                ChangeKind.Join => MemberStatus.Up,
                _ when Removed.Contains(node) => MemberStatus.Removed,
                _ => MemberStatus.Leaving,
            };
            if (change.Kind == ChangeKind.Replace) standings[change.By!.Value] = MemberStatus.Up;
        }
        return standings.ToImmutable();
    }

    private static ImmutableArray<Claimant> ClaimantsOf(ClusterState state, Dictionary<NodeId, StagedChange> staged)
    {
        var successors = staged.Values.Where(c => c.Kind == ChangeKind.Replace).Select(c => c.By).ToHashSet();
        return
        [
            .. state.Members.Values
                .Where(m => staged.TryGetValue(m.Id, out var change) ? change.Kind == ChangeKind.Join : m.Status == MemberStatus.Up || successors.Contains(m.Id))
                .Select(m => new Claimant(m.Id, m.Weight, m.Zone)),
        ];
    }

    private static ulong IdOf(HashRing from, HashRing target, Dictionary<NodeId, StagedChange> staged, ImmutableArray<NodeId> removed) => RingVersion.IdOf(from, target, to =>
    {
        foreach (var (node, change) in staged.OrderBy(s => s.Key))
        {
            to.Text(node.Name);
            to.Byte((byte)change.Kind);
        }
        foreach (var node in removed) to.Text(node.Name);
    });
}
