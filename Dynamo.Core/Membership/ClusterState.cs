using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>A bucket's options with the number of times they were set. The higher number wins; of equal numbers, the greater options.</summary>
public sealed record BucketEntry(long Version, BucketOptions Options)
{
    public static BucketEntry Later(BucketEntry a, BucketEntry b) =>
        (a.Version, a.Options.ToString()).CompareTo((b.Version, b.Options.ToString())) >= 0 ? a : b;
}

/// <summary>
/// The state that nodes agree on by gossip (section 4.8): members, ring, buckets and staged changes. <see cref="Merge"/> is commutative, associative
/// and idempotent, so rounds in any order end in one state. Reachability is not in it: that is each node's own opinion.
/// </summary>
public sealed record ClusterState(
    ImmutableSortedDictionary<NodeId, Member> Members, RingVersion Ring, ImmutableSortedDictionary<string, BucketEntry> Buckets,
    ImmutableSortedDictionary<NodeId, StagedChange> Changes)
{
    public static readonly ClusterState Empty = new(
        ImmutableSortedDictionary<NodeId, Member>.Empty, RingVersion.None, ImmutableSortedDictionary<string, BucketEntry>.Empty,
        ImmutableSortedDictionary<NodeId, StagedChange>.Empty);

    /// <summary>The members that have not left and were not removed, by name.</summary>
    public IEnumerable<Member> Present => Members.Values.Where(m => !m.IsGone);

    /// <summary>The node has left or was removed. True also of a founder that never came and was removed.</summary>
    public bool IsGone(NodeId node) =>
        Members.TryGetValue(node, out var member) ? member.IsGone : Ring.Standings.GetValueOrDefault(node) is MemberStatus.Left or MemberStatus.Removed;

    /// <summary>The node has a place in the ring and is otherwise unknown: a founder that has not come yet.</summary>
    public bool IsUnmetOwner(NodeId node) => !Members.ContainsKey(node) && Ring.Standings.GetValueOrDefault(node) == MemberStatus.Up;

    /// <summary>The changes that the next commit carries out.</summary>
    public IEnumerable<KeyValuePair<NodeId, StagedChange>> Staged => Changes.Where(c => c.Value.BaseEpoch == Ring.Epoch && c.Value.Kind != ChangeKind.None);

    /// <summary>Members that do not know of the current change yet. Nothing moves before they do, so that no two plans are carried out at once.</summary>
    public IEnumerable<NodeId> UnawareOfChange => Ring.From.IsNone ? []
        : Members.Values.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving && !Ring.Reports.ContainsKey(m.Id)).Select(m => m.Id);

    /// <summary>
    /// The node has left, or was removed by a plan that every member knows of. Until then the plan may lose to another one for the same epoch that keeps
    /// the node: one that stops too early would be missing.
    /// </summary>
    public bool IsGoneForGood(NodeId node) =>
        Members.TryGetValue(node, out var member) && member.IsGone && (member.Status == MemberStatus.Left || !UnawareOfChange.Any());

    public ClusterState With(Member member) =>
        this with { Members = Members.SetItem(member.Id, Standing(Ring, Members.TryGetValue(member.Id, out var known) ? Member.Later(known, member) : member)) };

    public ClusterState With(RingVersion ring)
    {
        var merged = Ring.Merge(ring);
        if (ReferenceEquals(merged, Ring)) return this;
        var members = ReferenceEquals(merged.Standings, Ring.Standings) ? Members : Members.ToImmutableSortedDictionary(m => m.Key, m => Standing(merged, m.Value));
        return this with { Ring = merged, Members = members };
    }

    // The ring decides a member's status, so that nothing is left of a plan that loses to another for the same epoch. Only Left is the member's own report.
    private static Member Standing(RingVersion ring, Member member)
    {
        if (ring.To.IsNone || member.Status == MemberStatus.Left) return member;
        var status = ring.Standings.GetValueOrDefault(member.Id, MemberStatus.Joining);
        return status == member.Status ? member : member with { Status = status };
    }

    public ClusterState With(string bucket, BucketEntry entry) =>
        this with { Buckets = Buckets.SetItem(bucket, Buckets.TryGetValue(bucket, out var known) ? BucketEntry.Later(known, entry) : entry) };

    public ClusterState With(NodeId node, StagedChange change) =>
        this with { Changes = Changes.SetItem(node, Changes.TryGetValue(node, out var known) ? StagedChange.Later(known, change) : change) };

    /// <summary>Stages a change for a node on the current ring, in place of the one staged for it before.</summary>
    public ClusterState Stage(NodeId node, ChangeKind kind, NodeId? by = null) =>
        With(node, new StagedChange(Ring.Epoch, (Changes.TryGetValue(node, out var known) ? known.Version : 0) + 1, kind, by));

    /// <summary>Records that the node has received the partition under a plan; ignored if another plan has taken over.</summary>
    public ClusterState Received(NodeId node, int partition, long epoch, ulong planId) =>
        Ring.Epoch == epoch && Ring.PlanId == planId ? With(Ring.With(node, partition)) : this;

    public ClusterState Merge(ClusterState other)
    {
        var merged = With(other.Ring);
        foreach (var member in other.Members.Values) merged = merged.With(member);
        foreach (var (name, entry) in other.Buckets) merged = merged.With(name, entry);
        foreach (var (node, change) in other.Changes) merged = merged.With(node, change);
        return merged;
    }

    public BucketOptions OptionsOf(string bucket, BucketOptions fallback) =>
        Buckets.TryGetValue(bucket, out var entry) ? entry.Options : fallback;

    /// <summary>The treatment of concurrent writes of the key.</summary>
    public ConflictMode ModeOf(StorageKey key, BucketOptions fallback) => OptionsOf(key.Bucket, fallback).Conflicts;

    /// <summary>The key's N.</summary>
    public int ReplicasOf(StorageKey key, BucketOptions fallback) => OptionsOf(key.Bucket, fallback).Quorum.N;

    /// <summary>The largest N of any bucket: the number of nodes that may hold keys of a partition.</summary>
    public int MaxReplicas(BucketOptions fallback) => Buckets.Values.Select(b => b.Options.Quorum.N).Append(fallback.Quorum.N).Max();

    /// <summary>The smallest N of any bucket: from this place of a partition's walk on, nodes hold the keys of some buckets only.</summary>
    public int MinReplicas(BucketOptions fallback) => Buckets.Values.Select(b => b.Options.Quorum.N).Append(fallback.Quorum.N).Min();

    public bool Equals(ClusterState? other) =>
        other is not null && Ring.Equals(other.Ring) && Members.Values.SequenceEqual(other.Members.Values) && Buckets.SequenceEqual(other.Buckets)
        && Changes.SequenceEqual(other.Changes);

    public override int GetHashCode() => HashCode.Combine(Ring, Members.Count, Buckets.Count);
}
