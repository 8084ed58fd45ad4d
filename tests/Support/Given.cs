using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Tests.Support;

/// <summary>Common test data.</summary>
internal static partial class Given
{
    /// <summary>The limit for anything that must happen: long, because a busy machine is no fault.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>Interval at which a condition is checked: the TestKit's own is a tenth of the deadline, as long as a request lives.</summary>
    public static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);

    public static readonly NodeId N1 = new("n1");
    public static readonly NodeId N2 = new("n2");
    public static readonly NodeId N3 = new("n3");
    public static readonly NodeId N4 = new("n4");

    public static Dot Dot(ulong store, long start, long count) => new(new Tenure(new StoreId(store), start), count);

    /// <summary>One value, the first write of a store's tenure.</summary>
    public static VersionSet Value(string value, ulong store, long start = 1, ulong writeId = 0) => Values((value, Dot(store, start, 1), writeId));

    public static VersionSet Values(params (string Value, Dot Dot, ulong WriteId)[] siblings) => new(
        CausalContext.Of([], siblings.Select(s => new DotRun(s.Dot.Tenure, s.Dot.Count, s.Dot.Count))),
        [.. siblings.OrderBy(s => s.Dot).Select(s => new Sibling(s.Dot, Encoding.UTF8.GetBytes(s.Value), false, s.WriteId, 0))]);

    public static Write Write(string value, CausalContext? context = null, ulong writeId = 0) =>
        new(context ?? CausalContext.Empty, Encoding.UTF8.GetBytes(value), IsTombstone: false, writeId, TimestampMs: 0);

    public static Write Delete(CausalContext context) => new(context, default, IsTombstone: true, WriteId: 0, TimestampMs: 0);

    /// <summary>The values of a set as text, sorted; a tombstone shows as †.</summary>
    public static string Text(VersionSet set) =>
        string.Join(' ', set.Siblings.Select(s => s.IsTombstone ? "†" : Encoding.UTF8.GetString(s.Value.Span)).Order(StringComparer.Ordinal));

    public static Member Member(NodeId node, NodeAddress address, long incarnation = 1, MemberStatus status = MemberStatus.Up) =>
        new(node, address, incarnation, status, "", 1);

    /// <summary>The sender of a node's gossip; the secret is the one that nodes have that are given none.</summary>
    public static Origin Origin(NodeId node, long incarnation = 1, string cluster = "dynamo", string? secret = null, int protocol = NodeProtocol.Current) =>
        new(cluster, node, incarnation, protocol, new ClusterSeal([.. Encoding.UTF8.GetBytes(secret ?? $"no secret: {cluster}")]).Of(cluster, node, incarnation));

    public static ClusterState State(params Member[] members) =>
        members.Aggregate(ClusterState.Empty, (state, member) => state.With(member));

    /// <summary>A ring owned by the named members, or by all; every member keeps its own status.</summary>
    public static ClusterState WithRing(this ClusterState state, int partitions, long epoch = 1, params IEnumerable<NodeId> owners)
    {
        var table = HashRing.Founding(owners.Any() ? owners : state.Members.Keys, partitions, 3).Owners;
        return state.With(new RingVersion(HashRing.None, new HashRing(epoch, table), planId: 1, StandingsOf(state)));
    }

    public static ImmutableSortedDictionary<NodeId, MemberStatus> StandingsOf(ClusterState state) =>
        state.Members.ToImmutableSortedDictionary(m => m.Key, m => m.Value.Status);

    public static BucketOptions Bucket(int n, int r, int w) => new(new QuorumRules(n, r, w), ConflictMode.Siblings, 20);

    /// <summary>The first of key-0, key-1, … that satisfies the condition.</summary>
    public static StorageKey KeyWhere(Func<StorageKey, bool> wanted) =>
        Enumerable.Range(0, 100_000).Select(i => StorageKey.Of($"key-{i}")).First(wanted);

    public static ImmutableArray<T> Items<T>(params T[] items) => [.. items];
}
