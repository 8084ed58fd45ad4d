using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>Compares the primaries' digests of one partition after the other.</summary>
internal sealed class Verifier(ClusterDirectory directory, Func<Member, ScanRequest, Task<ScanPage>> scan)
{
    private const int MostShown = 20;
    private const int PageKeys = 1000;
    private readonly List<KeyDifference> _differences = [];
    private long _keys;
    private long _differing;

    public Verification Result(long hints, IReadOnlyList<NodeId> silent) => new(_keys, _differing, _differences, hints, silent);

    public async Task CompareAsync(int partition, IReadOnlySet<NodeId> silent)
    {
        var ring = directory.State.Ring.Serving;
        var owners = ring.Walk(partition).Take(directory.State.MostReplicas(directory.Defaults)).Where(n => !silent.Contains(n)).ToArray();
        var held = await Task.WhenAll(owners.Select(o => AllAsync(o, partition)));
        foreach (var key in held.SelectMany(h => h.Keys).Distinct().OrderBy(k => k, Comparer<StorageKey>.Create(StorageKey.Compare)))
        {
            // A bucket with fewer replicas than the largest has its copies on the first owners only.
            var n = directory.State.OptionsOf(key.Bucket, directory.Defaults).Quorum.N;
            var primaries = ring.Primaries(partition, n).ToArray();
            var holders = owners.Zip(held).Where(o => primaries.Contains(o.First)).ToDictionary(o => o.First, o => o.Second.GetValueOrDefault(key));
            if (holders.Count == 0) continue;
            _keys++;
            if (holders.Values.Distinct().Count() == 1) continue;
            _differing++;
            if (_differences.Count < MostShown) _differences.Add(new KeyDifference(key.ToString(), partition, holders));
        }
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
