using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Tests.Support;
using Xunit.Abstractions;

namespace Dynamo.Actors.Tests.AntiEntropy;

/// <summary>One exchange between two nodes that hold the same million keys except ten: how much of the trees is compared, and how much is sent.</summary>
public sealed class MillionKeysTests(SerializerFixture fixture, ITestOutputHelper output) : SerializerTest(fixture)
{
    private const int Keys = 1_000_000;
    private const int Partitions = 256;
    private static readonly VersionSet Old = Given.Value("old", 1);
    private static readonly VersionSet New = Given.Value("new", 2);

    [Fact]
    public void Ten_differences_in_a_million_keys_cost_a_thousandth_of_the_tree_and_move_ten_keys()
    {
        // Sorted, as in a store: four keys differ between the two, three exist only at one node, three only at the other.
        var keys = Enumerable.Range(0, Keys).Select(i => StorageKey.Of($"key-{i}")).ToArray();
        Array.Sort(Array.ConvertAll(keys, key => key.Token.Value), keys);
        var apart = Enumerable.Range(0, 10).ToDictionary(i => keys[(i * 99_991) + 17], i => i);
        var ours = new Side(keys, key => apart.TryGetValue(key, out var i) ? i < 7 ? New : null : Old);
        var theirs = new Side(keys, key => apart.TryGetValue(key, out var i) && i < 7 ? i < 4 ? Old : null : Old);

        var walk = new TreeWalk(ours.Forest);
        var roots = new TreeRoots(Given.N1, 1, [.. Enumerable.Range(0, Partitions).Select(p => new PartitionRoot(p, ours.Forest.RootOf(p)))]);
        var differences = new TreeDifferences([.. roots.Roots.Where(r => theirs.Forest.RootOf(r.Partition) != r.Root).Select(r => r.Partition)], []);
        var (bytes, messages) = (Bytes(roots).Length + Bytes(differences).Length, 2);
        walk.Begin(differences.Partitions);
        var travelling = new List<StorageKey>();
        while (walk.NextQuestion() is { } next)
        {
            IWireMessage question, answer;
            if (next is ExchangeEffect.AskKeys asked)
            {
                var leaves = new LeafKeys(asked.Partition, asked.Leaves);
                var digests = theirs.DigestsOf(leaves);
                travelling.AddRange(walk.Answer(digests, ours.DigestsOf(leaves), asked.Leaves.Length, _ => true));
                (question, answer) = (leaves, new KeyDigests([.. digests.Select(d => new KeyDigest(d.Key, d.Value))], asked.Leaves.Length));
            }
            else
            {
                var (partition, level, indexes) = (ExchangeEffect.AskHashes)next;
                var hashes = TreeAnswers.Hashes(partition, level, indexes, theirs.Forest);
                Assert.True(walk.TryAnswer(hashes));
                (question, answer) = (new TreeNodes(partition, level, indexes), new TreeHashes(hashes));
            }
            (bytes, messages) = (bytes + Bytes(question).Length + Bytes(answer).Length, messages + 2);
        }

        var nodesOfTree = Partitions * Enumerable.Range(0, ours.Forest.Depth + 1).Sum(level => 1L << (4 * level));
        var compared = walk.Figures.HashesCompared + Partitions;
        output.WriteLine(
            $"{compared} of {nodesOfTree} hashes compared ({100.0 * compared / nodesOfTree:0.000} %), {walk.Figures.KeysCompared} keys compared, "
            + $"{travelling.Count} keys sent, after {messages} messages of {bytes} bytes");
        Assert.Equal(apart.Keys.Order(Comparer<StorageKey>.Create(StorageKey.Compare)), travelling.Order(Comparer<StorageKey>.Create(StorageKey.Compare)));
        Assert.InRange(compared, 1, nodesOfTree / 1000);
        Assert.InRange(walk.Figures.KeysCompared, 10, 100);
        Assert.InRange(bytes, 1, 20_000);
    }

    /// <summary>One node's keys and the trees over them.</summary>
    private sealed class Side
    {
        private readonly List<StoredRecord> _records;

        public Side(StorageKey[] keys, Func<StorageKey, VersionSet?> held)
        {
            _records = new List<StoredRecord>(keys.Length);
            foreach (var key in keys)
                if (held(key) is { } set) _records.Add(new StoredRecord(key, new Record(0, set)));
            Forest.Scanned(_records);
            Forest.Scanned([]);
        }

        public Forest Forest { get; } = new(Partitions);

        public Dictionary<StorageKey, ulong> DigestsOf(LeafKeys asked)
        {
            var digests = new Dictionary<StorageKey, ulong>();
            foreach (var leaf in asked.Leaves)
            {
                var (first, last) = Forest.Tokens(asked.Partition, leaf);
                for (var i = FirstFrom(first); i < _records.Count && _records[i].Key.Token.CompareTo(last) <= 0; i++)
                    digests[_records[i].Key] = VersionCodec.Digest(_records[i].Key, _records[i].Record.Versions);
            }
            return digests;
        }

        private int FirstFrom(Token token)
        {
            var (low, high) = (0, _records.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_records[middle].Key.Token.CompareTo(token) < 0) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
}
