using System.Collections.Immutable;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>A ring table and the plan that made it: of two tables with one epoch the greater plan id wins everywhere.</summary>
public sealed record RingVersion(HashRing Table, ulong PlanId)
{
    public static readonly RingVersion None = new(HashRing.None, 0);

    public long Epoch => Table.Epoch;

    public bool IsAfter(RingVersion other) => (Epoch, PlanId).CompareTo((other.Epoch, other.PlanId)) > 0;
}

/// <summary>A bucket's options with the number of times they were set: the higher number wins, the greater options of two equal ones.</summary>
public sealed record BucketEntry(long Version, BucketOptions Options)
{
    public static BucketEntry Later(BucketEntry a, BucketEntry b) =>
        (a.Version, a.Options.ToString()).CompareTo((b.Version, b.Options.ToString())) >= 0 ? a : b;
}

/// <summary>
/// What the nodes of a cluster agree on by gossip (section 4.8): members, ring and buckets. <see cref="Merge"/> is commutative,
/// associative and idempotent, so rounds in any order end in one state. Who is reachable is not in it: that is each node's own opinion.
/// </summary>
public sealed record ClusterState(
    ImmutableSortedDictionary<NodeId, Member> Members, RingVersion Ring, ImmutableSortedDictionary<string, BucketEntry> Buckets)
{
    public static readonly ClusterState Empty = new(
        ImmutableSortedDictionary<NodeId, Member>.Empty, RingVersion.None, ImmutableSortedDictionary<string, BucketEntry>.Empty);

    public ClusterState With(Member member) =>
        this with { Members = Members.SetItem(member.Id, Members.TryGetValue(member.Id, out var known) ? Member.Later(known, member) : member) };

    public ClusterState With(RingVersion ring) => ring.IsAfter(Ring) ? this with { Ring = ring } : this;

    public ClusterState With(string bucket, BucketEntry entry) =>
        this with { Buckets = Buckets.SetItem(bucket, Buckets.TryGetValue(bucket, out var known) ? BucketEntry.Later(known, entry) : entry) };

    public ClusterState Merge(ClusterState other)
    {
        var merged = With(other.Ring);
        foreach (var member in other.Members.Values) merged = merged.With(member);
        foreach (var (name, entry) in other.Buckets) merged = merged.With(name, entry);
        return merged;
    }

    public BucketOptions OptionsOf(string bucket, BucketOptions fallback) =>
        Buckets.TryGetValue(bucket, out var entry) ? entry.Options : fallback;

    /// <summary>The largest N of any bucket: so many of a partition's nodes may hold keys of it.</summary>
    public int MostReplicas(BucketOptions fallback) => Buckets.Values.Select(b => b.Options.Quorum.N).Append(fallback.Quorum.N).Max();

    public bool Equals(ClusterState? other) =>
        other is not null && Ring == other.Ring && Members.Values.SequenceEqual(other.Members.Values) && Buckets.SequenceEqual(other.Buckets);

    public override int GetHashCode() => HashCode.Combine(Ring, Members.Count, Buckets.Count);
}
