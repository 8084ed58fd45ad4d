using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>A change of the ring that cannot be staged or committed; the message says why and what to do.</summary>
public sealed class PlanException(string message) : Exception(message);

/// <summary>
/// What a commit of the staged changes does. A pure function of the cluster's state: whoever plans upon the same state makes the same
/// plan, so an operator commits by its id exactly what he was shown.
/// </summary>
/// <param name="Moves">The partitions that nodes receive.</param>
/// <param name="Risks">Partitions that have fewer replicas or zones than they should under the new table.</param>
public sealed record RingPlan(
    long BaseEpoch, ulong Id, HashRing Target, ImmutableArray<Claimant> Claimants, ImmutableArray<PlaceMove> Moves, ImmutableArray<PartitionRisk> Risks)
{
    /// <param name="fallback">The options of buckets of which nothing is said: the ring keeps as many replicas as the largest N asks for.</param>
    /// <exception cref="PlanException">There is no ring yet, no node would be left, or there is nothing to do.</exception>
    public static RingPlan Of(ClusterState state, BucketOptions fallback)
    {
        var ring = state.Ring;
        if (ring.To.IsNone) throw new PlanException("there is no ring yet");
        var staged = state.Staged.ToDictionary();
        var claimants = ClaimantsOf(state, staged);
        if (claimants.IsEmpty) throw new PlanException("no node would be left: the last one cannot leave");
        var replacements = staged.Where(s => s.Value is { Kind: ChangeKind.Replace, By: not null }).ToDictionary(s => s.Key, s => s.Value.By!.Value);
        var replicas = Math.Min(QuorumRules.MaxN, state.MostReplicas(fallback));
        var owners = Claim.Assign(ring.Serving.Owners, claimants, replicas, replacements);
        var target = new HashRing(ring.Epoch + 1, owners);
        if (staged.Count == 0 && target.HasOwnersOf(ring.Serving)) throw new PlanException("nothing is staged, and the ring is as it should be");
        return new RingPlan(
            ring.Epoch, IdOf(target, staged), target, claimants, Claim.Moves(ring.Serving.Owners, owners), Claim.Risks(owners, claimants, replicas));
    }

    /// <summary>The state after the commit.</summary>
    /// <param name="isReachable">What the committing node believes of the members.</param>
    /// <exception cref="PlanException">A change is under way, or a node that has to know of the plan does not answer.</exception>
    public ClusterState Commit(ClusterState state, NodeId self, Func<NodeId, bool> isReachable)
    {
        var staged = state.Staged.ToDictionary();
        var isRescue = staged.Any(s => s.Value.Kind == ChangeKind.ForceRemove || (s.Value.Kind == ChangeKind.Replace && !isReachable(s.Key)));
        var ring = state.Ring;
        if (!ring.IsSettled && !isRescue)
        {
            var left = Enumerable.Range(0, ring.To.PartitionCount).Count(p => !ring.IsMoved(p));
            throw new PlanException($"the change of epoch {ring.Epoch} is under way: {left} of {ring.To.PartitionCount} partitions have still to move. Wait for it ('dynamo admin transfers'), or force-remove the node that holds it up");
        }
        foreach (var claimant in Claimants)
            if (!isReachable(claimant.Id))
                throw new PlanException($"node {claimant.Id} does not answer, and every node that stays must know of a plan before anything moves. Bring it back, replace it, or force-remove it");

        foreach (var (node, change) in staged)
        {
            var member = state.Members[node];
            state = change.Kind switch
            {
                ChangeKind.Join => state.With(member with { Status = MemberStatus.Up }),
                ChangeKind.Leave => state.With(member with { Status = MemberStatus.Leaving }),
                ChangeKind.ForceRemove => state.With(member with { Status = MemberStatus.Removed }),
                ChangeKind.Replace => state.With(member with { Status = isReachable(node) ? MemberStatus.Leaving : MemberStatus.Removed })
                    .With(state.Members[change.By!.Value] with { Status = MemberStatus.Up }),
                _ => state,
            };
        }
        var next = new RingVersion(ring.Serving, Target, Id, ImmutableSortedDictionary<NodeId, PartitionSet>.Empty);
        return state.With(next.KnownBy(self));
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

    private static ulong IdOf(HashRing target, Dictionary<NodeId, StagedChange> staged)
    {
        var to = new ByteWriter(1024);
        to.Count(target.Epoch);
        foreach (var owner in target.Owners.SelectMany(o => o)) to.Text(owner.Name);
        foreach (var (node, change) in staged.OrderBy(s => s.Key))
        {
            to.Text(node.Name);
            to.Byte((byte)change.Kind);
        }
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(to.Written, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
