using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Transfers;

/// <summary>
/// The surroundings of a transfer, set by the cases' lines without an arrow. n1 receives or hands off; n1 to n4 are known, healthy, up, and aware of the
/// plan. Tables name the owners of each partition, with a bar between two: <c>serves n2 n3 | n3 n4</c>.
/// </summary>
internal sealed class Around
{
    private readonly HashSet<NodeId> _unknown = [];
    private readonly HashSet<NodeId> _unaware = [];
    private readonly Dictionary<NodeId, MemberStatus> _standings = [];
    private readonly List<(NodeId Node, int Partition)> _received = [];
    private HashRing _from = HashRing.None;
    private HashRing _to = HashRing.None;
    private ulong _planId = 7;
    private ImmutableHashSet<NodeId> _down = [];
    private ClusterState _buckets = ClusterState.Empty;

    public TimeSpan Now { get; private set; }

    /// <summary>Keys have three owners, except those of buckets that a case defines.</summary>
    public static BucketOptions Bucket { get; } = Options(3);

    public ClusterView View
    {
        get
        {
            var ring = _to.IsNone ? _from.IsNone ? RingVersion.None : RingVersion.Founding(_from) : new RingVersion(_from, _to, _planId, RingVersion.None.Standings);
            var members = Enumerable.Range(1, 4).Select(i => new NodeId($"n{i}")).Where(n => !_unknown.Contains(n))
                .ToImmutableSortedDictionary(n => n, n => new Member(n, new NodeAddress("localhost", 1), 1, _standings.GetValueOrDefault(n, MemberStatus.Up), "", 1));
            ring = members.Keys.Where(n => !_unaware.Contains(n)).Aggregate(ring, (r, node) => r.KnownBy(node));
            ring = _received.Aggregate(ring, (r, received) => r.With(received.Node, received.Partition));
            return new ClusterView(new NodeId("n1"), _buckets with { Members = members, Ring = ring }, _down);
        }
    }

    public void Change(string[] words)
    {
        switch (words)
        {
            case ["serves", var times, "times", .. var owners]: _from = new HashRing(1, [.. Enumerable.Repeat(Nodes(owners), int.Parse(times))]); break;
            case ["serves", .. var table]: _from = new HashRing(1, Table(table)); break;
            case ["to-be", .. var table]: _to = new HashRing(2, Table(table)); break;
            case ["plan", var id]: _planId = ulong.Parse(id); break;
            case ["received", var partition, "by", var node]: _received.Add((new NodeId(node), int.Parse(partition))); break;
            case ["unaware", .. var nodes]: _unaware.UnionWith(Nodes(nodes)); break;
            case ["aware", .. var nodes]: _unaware.ExceptWith(Nodes(nodes)); break;
            case ["unknown", .. var nodes]: _unknown.UnionWith(Nodes(nodes)); break;
            case ["down", .. var nodes]: _down = _down.Union(Nodes(nodes)); break;
            case ["up", .. var nodes]: _down = _down.Except(Nodes(nodes)); break;
            case ["removed", .. var nodes]: foreach (var node in Nodes(nodes)) _standings[node] = MemberStatus.Removed; break;
            case ["leaving", var node]: _standings[new NodeId(node)] = MemberStatus.Leaving; break;
            case ["bucket", var name, "has", var n, "replicas"]: _buckets = _buckets.With(name, new BucketEntry(_buckets.Buckets.Count + 1, Options(int.Parse(n)))); break;
            case ["at", [.. var seconds, 's']]: Now = TimeSpan.FromSeconds(int.Parse(seconds)); break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    /// <summary>0.a is in partition 0, before 0.b; narrow/0.a is the same key in the bucket "narrow".</summary>
    public StorageKey Key(string name)
    {
        var (bucket, place) = name.Split('/') is [var given, var rest] ? (given, rest) : (StorageKey.DefaultBucket, name);
        var (first, _) = _from.Tokens(int.Parse(place.Split('.')[0]));
        return new StorageKey(StorageKey.Of(bucket, Encoding.UTF8.GetBytes(place)).Encoded, new Token(first.Value + place[^1]));
    }

    private static BucketOptions Options(int n) => new(new QuorumRules(n, 1, 1), ConflictMode.Siblings, 20);

    private static ImmutableArray<ImmutableArray<NodeId>> Table(string[] words) => [.. string.Join(' ', words).Split(" | ").Select(owners => Nodes(owners.Split(' ')))];

    private static ImmutableArray<NodeId> Nodes(string[] names) => [.. names.Select(n => new NodeId(n))];
}
