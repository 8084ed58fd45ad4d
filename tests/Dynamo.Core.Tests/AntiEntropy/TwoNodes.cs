using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Tests.Requests;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.AntiEntropy;

/// <summary>
/// An exchange of n1 with n2, which answers truthfully unless an event says otherwise. Both own all partitions; keys of the bucket "narrow" have
/// one owner, n1 in even partitions and n2 in odd ones. A key's name is its place in the trees: 3.5.7 is in partition 3, below node 5 of level 1, in leaf
/// 5 × 16 + 7. 3.5.7b and narrow/3.5.7 are other keys of that leaf.
/// </summary>
internal sealed class TwoNodes
{
    private const int Partitions = 4096;
    private static readonly NodeId N1 = new("n1");
    private static readonly NodeId N2 = new("n2");
    private static readonly Ownership ViewOfN1 = ViewOf(N1);
    private static readonly Ownership ViewOfN2 = ViewOf(N2);
    private static readonly Forest Shape = new(Partitions);
    private readonly HashSet<StorageKey> _unreadable = [];
    private readonly List<ExchangeEffect> _effects = [];
    private ImmutableArray<int> _shared = [3];
    private bool _isForTransfer;
    private int _maxKeys = 100;
    private long _maxBytes = long.MaxValue;
    private Exchange? _exchange;
    private Forest? _treesThere;

    public SortedDictionary<StorageKey, VersionSet> Here { get; } = Nothing();

    public SortedDictionary<StorageKey, VersionSet> There { get; } = Nothing();

    /// <summary>The last effect: the open request, or the end.</summary>
    public ExchangeEffect? Last { get; private set; }

    /// <summary>Keys that were skipped.</summary>
    public HashSet<StorageKey> PassedOver { get; } = [];

    private Forest TreesThere => _treesThere ??= TreesOf(There);

    public void Change(string[] words)
    {
        _treesThere = null;
        switch (words)
        {
            case ["here", .. var held]: Hold(Here, held); break;
            case ["there", .. var held]: Hold(There, held); break;
            case ["unreadable", .. var keys]: _unreadable.UnionWith(keys.Select(Key)); break;
            case ["shared", .. var partitions]: _shared = [.. partitions.Select(int.Parse)]; break;
            case ["for-transfer"]: _isForTransfer = true; break;
            case ["limit", var max, "keys"]: _maxKeys = int.Parse(max); break;
            case ["limit", var max, "bytes"]: _maxBytes = long.Parse(max); break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    public string Happen(string[] words)
    {
        if (_exchange is null) Begin();
        var exchange = _exchange!;
        switch (words)
        {
            case ["begun"]: exchange.Begun(_effects); break;
            case ["roots"]: Roots(exchange); break;
            case ["roots", "differ", .. var partitions]: exchange.AnsweredRoots([.. partitions.Select(int.Parse)], [], _effects); break;
            case ["roots", "not-compared", .. var partitions]: exchange.AnsweredRoots([], [.. partitions.Select(int.Parse)], _effects); break;
            case ["hashes"]:
                var hashes = (ExchangeEffect.AskHashes)Last!;
                exchange.AnsweredHashes(TreeAnswers.Hashes(hashes.Partition, hashes.Level, hashes.Nodes, TreesThere), _effects);
                break;
            case ["hashes", "none"]: exchange.AnsweredHashes([], _effects); break;
            case ["keys"]:
                var keys = (ExchangeEffect.AskKeys)Last!;
                exchange.AnsweredKeys(DigestsOf(There, keys), DigestsOf(Here, keys), keys.Leaves.Length, ViewOfN1, _effects);
                break;
            case ["sets"]: Sets(exchange, key => new PulledSet(Held(There, key))); break;
            case ["sets", "but", var one, "failed"]: Sets(exchange, key => key == Key(one) ? new PulledSet(null, IsFailed: true) : new PulledSet(Held(There, key))); break;
            case ["sets", "but", var one, "large"]: Sets(exchange, key => new PulledSet(key == Key(one) ? null : Held(There, key))); break;
            case ["sets", "of-none"]: exchange.AnsweredSets([], _effects); break;
            case ["moved"]: Moved(exchange); break;
            case ["fails"]: exchange.Failed(_effects); break;
            default: throw new FormatException(string.Join(' ', words));
        }
        return Drained();
    }

    public static StorageKey Key(string name)
    {
        var (bucket, place) = name.Split('/') is [var given, var rest] ? (given, rest) : (StorageKey.DefaultBucket, name);
        var parts = place.Split('.');
        var last = parts[2].TrimEnd('a', 'b', 'c', 'd', 'e');
        var besides = parts[2].Length > last.Length ? parts[2][^1] : 0UL;
        var token = (ulong.Parse(parts[0]) << 52) | (ulong.Parse(parts[1]) << 48) | (ulong.Parse(last) << 44) | besides;
        return new StorageKey(StorageKey.Of(bucket, Encoding.UTF8.GetBytes(place)).Encoded, new Token(token));
    }

    private static Ownership ViewOf(NodeId self)
    {
        var members = new[] { N1, N2 }.ToImmutableSortedDictionary(n => n, n => new Member(n, new NodeAddress("localhost", 1), 1, MemberStatus.Up, "", 1));
        var state = ClusterState.Empty with { Members = members, Ring = RingVersion.Founding(HashRing.Founding([N1, N2], Partitions, 2)) };
        return new Ownership(new ClusterView(self, state.With("narrow", new BucketEntry(1, Bucket(1))), []), Bucket(2));
    }

    private static BucketOptions Bucket(int n) => new(new QuorumRules(n, 1, 1), ConflictMode.Siblings, 20);

    private static SortedDictionary<StorageKey, VersionSet> Nothing() => new(Comparer<StorageKey>.Create(StorageKey.Compare));

    private static VersionSet Held(SortedDictionary<StorageKey, VersionSet> at, StorageKey key) => at.GetValueOrDefault(key, VersionSet.Empty);

    private static void Hold(SortedDictionary<StorageKey, VersionSet> at, string[] held)
    {
        foreach (var item in held) at[Key(item.Split('=')[0])] = Notation.Set(item.Split('=')[1]);
    }

    private static Forest TreesOf(SortedDictionary<StorageKey, VersionSet> held)
    {
        var forest = new Forest(Partitions);
        forest.Scanned([.. held.Select(h => new StoredRecord(h.Key, new Record(0, h.Value)))]);
        forest.Scanned([]);
        return forest;
    }

    private static Dictionary<StorageKey, ulong> DigestsOf(SortedDictionary<StorageKey, VersionSet> held, ExchangeEffect.AskKeys asked)
    {
        var tokens = TreeAnswers.Tokens(asked.Partition, asked.Leaves, Shape);
        return held.Where(h => tokens.Any(t => h.Key.Token.CompareTo(t.First) >= 0 && h.Key.Token.CompareTo(t.Last) <= 0))
            .ToDictionary(h => h.Key, h => VersionCodec.Digest(h.Key, h.Value));
    }

    private static void Merge(SortedDictionary<StorageKey, VersionSet> into, ImmutableArray<HeldSet> sets)
    {
        foreach (var (key, set) in sets) into[key] = Held(into, key).Merge(set);
    }

    private void Begin()
    {
        var trees = TreesOf(Here);
        _exchange = new Exchange(
            N2, [.. _shared.Select(trees.Root)], _isForTransfer, trees, key => _unreadable.Contains(key) ? null : Held(Here, key),
            new PullLimits(_maxKeys, _maxBytes, (_, set) => 10 + (int)set.ValueBytes));
    }

    private void Roots(Exchange exchange)
    {
        var (differing, notCompared) = TreeAnswers.Compare(1, ((ExchangeEffect.AskRoots)Last!).Roots, ViewOfN2, TreesThere);
        exchange.AnsweredRoots(differing, notCompared, _effects);
    }

    private void Sets(Exchange exchange, Func<StorageKey, PulledSet> answer) =>
        exchange.AnsweredSets([.. ((ExchangeEffect.Pull)Last!).Keys.Select(answer)], _effects);

    private void Moved(Exchange exchange)
    {
        var move = (ExchangeEffect.Move)Last!;
        Merge(Here, move.Here);
        Merge(There, move.There);
        _treesThere = null;
        exchange.Moved(_effects);
    }

    private string Drained()
    {
        Last = _effects[^1];
        PassedOver.UnionWith(_effects.OfType<ExchangeEffect.PassOver>().Select(p => p.Key));
        var shown = string.Join("; ", _effects.Select(Show));
        _effects.Clear();
        return shown;
    }

    private static string Show(ExchangeEffect effect) => effect switch
    {
        ExchangeEffect.AskRoots(var roots) => $"roots {Words(roots.Select(r => r.Partition))}",
        ExchangeEffect.AskHashes(var partition, var level, var nodes) => $"hashes of {partition} level {level} nodes {Words(nodes)}",
        ExchangeEffect.AskKeys(var partition, var leaves) => $"keys of {partition} leaves {Words(leaves)}",
        ExchangeEffect.Pull(var keys) => $"pull {Words(keys)}",
        ExchangeEffect.Move({ IsEmpty: true }, { IsEmpty: true }) => "move nothing",
        ExchangeEffect.Move(var here, { IsEmpty: true }) => $"move here {Show(here)}",
        ExchangeEffect.Move({ IsEmpty: true }, var there) => $"move there {Show(there)}",
        ExchangeEffect.Move(var here, var there) => $"move here {Show(here)}, there {Show(there)}",
        ExchangeEffect.PassOver(var key) => $"pass over {key}",
        ExchangeEffect.Close(null) => "close",
        ExchangeEffect.Close(var failure) => $"close: {failure}",
        _ => throw new NotSupportedException(effect.ToString()),
    };

    private static string Show(ImmutableArray<HeldSet> sets) => Words(sets.Select(s => $"{s.Key}={Notation.Of(s.Set)}"));

    private static string Words<T>(IEnumerable<T> items) => string.Join(' ', items);
}
