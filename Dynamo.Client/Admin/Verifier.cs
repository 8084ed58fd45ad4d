using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>Compares the primaries' digests partition by partition, and compares differing ones again.</summary>
internal sealed class Verifier(ClusterDirectory directory, IReadOnlySet<NodeId> silent, Func<Member, ScanRequest, Task<ScanPage>> scan)
{
    private const int MaxShown = 20;
    private const int PageKeys = 1000;
    private readonly SortedDictionary<int, IReadOnlyDictionary<StorageKey, KeyDifference>> _differences = [];
    private long _keys;

    public bool HasDifferences => _differences.Count > 0;

    public Verification Result(long hints) => new(
        _keys, _differences.Values.Sum(p => p.Count), [.. _differences.Values.SelectMany(p => p.Values).Take(MaxShown)], hints, [.. silent.Order()]);

    public async Task CompareAsync(int partition)
    {
        var held = await HeldAsync(partition);
        _keys += held.Count;
        var differing = Differing(partition, held).ToDictionary();
        if (differing.Count > 0) _differences[partition] = differing;
    }

    /// <summary>
    /// Drops the keys that are equal now. Replicas are not read at the same instant, so a write in flight looks like a difference; a key that
    /// differs in every comparison differs for another reason.
    /// </summary>
    public async Task LookAgainAsync()
    {
        foreach (var (partition, before) in _differences.ToArray())
        {
            var lasting = Differing(partition, await HeldAsync(partition)).Where(d => before.ContainsKey(d.Key)).ToDictionary();
            if (lasting.Count > 0) _differences[partition] = lasting;
            else _differences.Remove(partition);
        }
    }

    private static IEnumerable<KeyValuePair<StorageKey, KeyDifference>> Differing(int partition, SortedDictionary<StorageKey, Dictionary<NodeId, ulong>> held) =>
        from key in held
        where key.Value.Values.Distinct().Skip(1).Any()
        select KeyValuePair.Create(key.Key, new KeyDifference(key.Key.ToString(), partition, key.Value));

    /// <summary>The digest of each key at each of its primaries; 0: that primary has nothing.</summary>
    private async Task<SortedDictionary<StorageKey, Dictionary<NodeId, ulong>>> HeldAsync(int partition)
    {
        var ring = directory.State.Ring.Serving;
        var owners = ring.Walk(partition).Take(directory.State.MaxReplicas(directory.Defaults)).Where(n => !silent.Contains(n)).ToArray();
        var all = await Task.WhenAll(owners.Select(o => AllAsync(o, partition)));
        var held = new SortedDictionary<StorageKey, Dictionary<NodeId, ulong>>(Comparer<StorageKey>.Create(StorageKey.Compare));
        foreach (var key in all.SelectMany(h => h.Keys).Distinct())
        {
            // A bucket with a smaller N has copies on the first owners only.
            var n = directory.State.ReplicasOf(key, directory.Defaults);
            var primaries = ring.Primaries(partition, n).ToArray();
            var holders = owners.Zip(all).Where(o => primaries.Contains(o.First)).ToDictionary(o => o.First, o => o.Second.GetValueOrDefault(key));
            if (holders.Count > 0) held[key] = holders;
        }
        return held;
    }

    private async Task<Dictionary<StorageKey, ulong>> AllAsync(NodeId owner, int partition)
    {
        var member = directory.State.Members[owner];
        var (first, last) = directory.State.Ring.Serving.Tokens(partition);
        var all = new Dictionary<StorageKey, ulong>();
        StorageKey? after = null;
        while (true)
        {
            var page = await scan(member, new ScanRequest(first, last, after, PageKeys));
            foreach (var (key, digest) in page.Keys) all[key] = digest;
            if (page.IsLast || page.Keys.IsEmpty) return all;
            after = page.Keys[^1].Key;
        }
    }
}
