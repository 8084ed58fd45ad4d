using Akka.Actor;
using Akka.Event;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.AntiEntropy;

/// <summary>Real stores compare their hash trees over real remoting until they are equal.</summary>
public sealed class AntiEntropyTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly VersionSet Apple = Given.Value("apple", 1);
    private static readonly VersionSet Pear = Given.Value("pear", 2);
    private readonly List<TreeNode> _nodes = [];

    [Fact]
    public async Task Only_differing_keys_move_and_they_move_both_ways()
    {
        var (one, two) = (New(Given.N1), New(Given.N2));
        var shared = Enumerable.Range(0, 2000).Select(i => Merge($"shared-{i}", Apple)).ToArray();
        foreach (var engine in new[] { one, two }) await engine.WriteAsync(shared);
        await one.WriteAsync([Merge("only-one", Apple), Merge("both", Apple), Merge("deleted", Apple)]);
        var tombstone = Apple.Put(Given.Delete(Apple.Clock), Given.Dot(1, 1, 2));
        await two.WriteAsync([Merge("only-two", Pear), Merge("both", Pear), Merge("deleted", tombstone)]);

        var (first, second) = (Start(Given.N1, one), Start(Given.N2, two));
        ShowAll();
        AwaitEqual(one, two);
        Assert.Equal("apple pear", TextOf(one, "both"));
        Assert.Equal("†", TextOf(one, "deleted"));
        Assert.Equal(2004, one.Figures.Keys);
        // Only the keys that differed were written, and none to a node that already had it.
        Assert.Equal(["both", "deleted", "only-two"], KeysWritten(first));
        Assert.Equal(["both", "only-one"], KeysWritten(second));
    }

    [Fact]
    public async Task An_emptied_store_is_filled_again()
    {
        var (full, empty) = (New(Given.N1), New(Given.N2));
        await full.WriteAsync([.. Enumerable.Range(0, 1000).Select(i => Merge($"key-{i}", Apple))]);
        Start(Given.N1, full);
        Start(Given.N2, empty);
        ShowAll();
        AwaitEqual(full, empty);
        Assert.Equal(1000, empty.Figures.Keys);
    }

    [Fact]
    public async Task Writes_after_the_trees_were_built_are_compared_too()
    {
        var (one, two) = (New(Given.N1), New(Given.N2));
        Start(Given.N1, one);
        Start(Given.N2, two);
        ShowAll();
        for (var round = 0; round < 5; round++)
        {
            await one.WriteAsync([Merge($"one-{round}", Apple)]);
            await two.WriteAsync([Merge($"two-{round}", Pear), Merge($"one-{round}", Pear)]);
            AwaitEqual(one, two);
        }
        Assert.Equal(10, one.Figures.Keys);
    }

    /// <param name="hasWider">Another bucket has more replicas, so the other node owns the partition for that bucket.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_that_the_other_does_not_own_stay_where_they_are(bool hasWider)
    {
        const string two = "bucket { n = 2, r = 1, w = 1 }";
        var (one, other) = (New(Given.N1), New(Given.N2));
        Start(Given.N1, one, two);
        Start(Given.N2, other, two);
        var ring = HashRing.Founding([Given.N1, Given.N2, Given.N3], 4, 3);
        var state = Given.State([.. _nodes.Select(n => n.Member)]).With(RingVersion.Founding(ring));
        if (hasWider) state = state.With("wide", new BucketEntry(1, Given.Bucket(3, 2, 2)));
        foreach (var node in _nodes) node.Show(state);

        var apart = Given.KeyWhere(k => !ring.IsPrimary(Given.N2, ring.PartitionOf(k.Token), 2));
        await one.WriteAsync([new MergeIn(new RecordKey(apart), Apple, ConflictMode.Siblings)]);
        for (var exchange = 0; exchange < 3; exchange++)
        {
            var shared = Given.KeyWhere(k => ring.IsPrimary(Given.N2, ring.PartitionOf(k.Token), 2) && ring.IsPrimary(Given.N1, ring.PartitionOf(k.Token), 2)
                && one.Read(new RecordKey(k)) == Record.None);
            await one.WriteAsync([new MergeIn(new RecordKey(shared), Apple, ConflictMode.Siblings)]);
            AwaitAssert(() => Assert.Equal(Apple, other.Read(new RecordKey(shared)).Versions), Given.Long, Given.Often);
        }
        Assert.Equal(Record.None, other.Read(new RecordKey(apart)));
    }

    [Fact]
    public async Task Nodes_whose_rings_differ_compare_nothing()
    {
        var one = New(Given.N1);
        await one.WriteAsync([Merge("a", Apple)]);
        var node = Start(Given.N1, one);
        node.Show(Given.State(node.Member).WithRing(4));
        AwaitAssert(
            () =>
            {
                node.AntiEntropy.Tell(new TreeRoots(Given.N2, 1, [.. Enumerable.Range(0, 4).Select(p => new PartitionRoot(p, 99))]), TestActor);
                Assert.Equal(4, ExpectMsg<TreeDifferences>(Given.Long).Partitions.Length);
            },
            Given.Long, Given.Often);
        node.AntiEntropy.Tell(new TreeRoots(Given.N2, 2, [new PartitionRoot(0, 99)]), TestActor);
        Assert.Empty(ExpectMsg<TreeDifferences>(Given.Long).Partitions);
    }

    [Fact]
    public void Questions_beyond_the_trees_get_an_empty_answer()
    {
        var node = Start(Given.N1, New(Given.N1));
        var actor = node.AntiEntropy;
        actor.Tell(new TreeNodes(4096, 0, [0]), TestActor);
        Assert.Empty(ExpectMsg<TreeHashes>(Given.Long).Hashes);
        actor.Tell(new TreeNodes(0, int.MaxValue, [0]), TestActor);
        Assert.Empty(ExpectMsg<TreeHashes>(Given.Long).Hashes);
        actor.Tell(new TreeNodes(0, 1, [16]), TestActor);
        Assert.Empty(ExpectMsg<TreeHashes>(Given.Long).Hashes);
        actor.Tell(new LeafKeys(4096, [0]), TestActor);
        Assert.Empty(ExpectMsg<KeyDigests>(Given.Long).Keys);
        actor.Tell(new LeafKeys(0, [int.MaxValue]), TestActor);
        Assert.Empty(ExpectMsg<KeyDigests>(Given.Long).Keys);
        actor.Tell(new TreeNodes(0, 0, [0]), TestActor);
        Assert.Equal(16, ExpectMsg<TreeHashes>(Given.Long).Hashes.Length);
    }

    [Fact]
    public async Task Trees_saved_at_a_clean_stop_are_used_and_stale_ones_are_not()
    {
        using var folder = new StoreFolder();
        using (var engine = folder.Open())
        {
            await engine.StoreAsync([Merge("a", Apple)]);
            using var node = new TreeNode(Given.N1, engine);
            AwaitBuilt(node);
            Assert.True(node.Engine.Scans > 0);
        }
        using (var engine = folder.Open())
        {
            using var node = new TreeNode(Given.N1, engine);
            AwaitBuilt(node);
            Assert.Equal(0, node.Engine.Scans);
        }
        using (var engine = folder.Open()) await engine.StoreAsync([Merge("b", Apple)]);
        using (var engine = folder.Open())
        {
            using var node = new TreeNode(Given.N1, engine);
            AwaitBuilt(node);
            Assert.True(node.Engine.Scans > 0);
        }
    }

    [Fact]
    public async Task A_failed_scan_is_retried_and_each_cause_is_logged_once()
    {
        using var engine = new HeldEngine(New(Given.N1));
        await engine.WriteAsync([Merge("a", Apple)]);
        engine.FailScans(new StoreException("the record of the key 0x61 is damaged"));
        var errors = CreateTestProbe("errors");
        using var node = new TreeNode(Given.N1, engine, errors: errors);
        AwaitCondition(() => engine.Scans > 3, Given.Long, Given.Often);
        Assert.Contains("the hash trees cannot be built: the record of the key 0x61 is damaged", errors.ExpectMsg<Error>(Given.Long).ToString(), StringComparison.Ordinal);
        Assert.False(errors.HasMessages);
        engine.FailScans(new StoreException("the disk does not answer"));
        Assert.Contains("the hash trees cannot be built: the disk does not answer", errors.ExpectMsg<Error>(Given.Long).ToString(), StringComparison.Ordinal);
        engine.FailScans(null);
        AwaitBuilt(node);
    }

    [Fact]
    public async Task A_damaged_record_is_skipped_with_one_error_of_each_reader_and_the_others_are_repaired()
    {
        var (one, two) = (New(Given.N1), New(Given.N2));
        foreach (var engine in new[] { one, two }) await engine.WriteAsync([.. Enumerable.Range(0, 50).Select(i => Merge($"key-{i}", Apple))]);
        await one.WriteAsync([.. Enumerable.Range(50, 20).Select(i => Merge($"key-{i}", Apple))]);
        await two.WriteAsync([.. Enumerable.Range(70, 20).Select(i => Merge($"key-{i}", Pear))]);
        var damaged = new HeldEngine(one);
        damaged.Damage(StorageKey.Of("key-7"));
        damaged.Damage(StorageKey.Of("key-60"));
        var errors = CreateTestProbe("errors");
        _nodes.Add(new TreeNode(Given.N1, damaged, errors: errors));
        Start(Given.N2, two);
        ShowAll();
        // An unreadable record cannot be sent; all others are, in both directions.
        AwaitAssert(
            () =>
            {
                Assert.Equal(All(one).Where(r => r.Key != StorageKey.Of("key-60")), All(two));
                Assert.Equal(90, one.Figures.Keys);
            },
            Given.Long, Given.Often);
        // The trees' reader and the replica may both meet a record: the order of their errors is open.
        var told = new List<(string Reader, string Key)>();
        while (told.DistinctBy(t => t.Key).Count() < 2)
        {
            var error = errors.ExpectMsg<Error>(Given.Long);
            var key = Assert.Single(["key-7", "key-60"], key => error.Message.ToString()!.Contains($"the record of the key {key} is damaged", StringComparison.Ordinal));
            told.Add((error.LogSource, key));
        }
        Assert.Equal(told.Distinct(), told);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        foreach (var node in _nodes) node.Dispose();
    }

    private static MemoryEngine New(NodeId node) => new(new StoreId((ulong)node.Name[1]));

    private TreeNode Start(NodeId id, MemoryEngine engine, string hocon = "")
    {
        var node = new TreeNode(id, engine, hocon);
        _nodes.Add(node);
        return node;
    }

    private ClusterState State() => Given.State([.. _nodes.Select(n => n.Member)]).WithRing(4);

    private void ShowAll()
    {
        var state = State();
        foreach (var node in _nodes) node.Show(state);
    }

    // An answer leaves out partitions whose trees are still being built.
    private void AwaitBuilt(TreeNode node)
    {
        node.Show(Given.State(node.Member).WithRing(4));
        AwaitAssert(
            () =>
            {
                node.AntiEntropy.Tell(new TreeRoots(Given.N2, 1, [.. Enumerable.Range(0, 4).Select(p => new PartitionRoot(p, 99))]), TestActor);
                Assert.Equal(4, ExpectMsg<TreeDifferences>(Given.Long).Partitions.Length);
            },
            Given.Long, Given.Often);
    }

    private void AwaitEqual(MemoryEngine one, MemoryEngine two) => AwaitAssert(() => Assert.Equal(All(one), All(two)), Given.Long, Given.Often);

    private static Dictionary<StorageKey, VersionSet> All(MemoryEngine engine) =>
        engine.Scan(new Token(0), new Token(ulong.MaxValue), null, int.MaxValue).ToDictionary(r => r.Key, r => r.Record.Versions);

    private static string[] KeysWritten(TreeNode node) => [.. node.Engine.Written.Select(m => m.Key.Key.ToString()).Distinct().Order()];

    private static string TextOf(MemoryEngine engine, string key) => Given.Text(engine.Read(new RecordKey(StorageKey.Of(key))).Versions);

    private static MergeIn Merge(string key, VersionSet set) => new(new RecordKey(StorageKey.Of(key)), set, ConflictMode.Siblings);
}
