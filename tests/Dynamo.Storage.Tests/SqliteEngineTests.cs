using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Storage.Sqlite;
using Dynamo.Tests.Support;

namespace Dynamo.Storage.Tests;

/// <summary>The durable engine: the contract, and its own features: one commit for all pending writes, and disk failures.</summary>
public sealed class SqliteEngineTests : EngineContract
{
    private readonly StoreFolder _folder;

    public SqliteEngineTests()
        : this(new StoreFolder())
    {
    }

    private SqliteEngineTests(StoreFolder folder)
        : base(folder.Open(TheStore.Value)) => _folder = folder;

    [Fact]
    public void It_syncs_unless_told_otherwise()
    {
        Assert.Equal("sqlite", Engine.Name);
        Assert.True(Engine.IsSynced);
        using var other = new StoreFolder();
        using var engine = other.Open(settings: StoreFolder.Settings with { SyncsCommits = false });
        Assert.False(engine.IsSynced);
    }

    [Fact]
    public async Task Pending_writes_share_one_commit()
    {
        await AllAtOnceAsync(Engine, Enumerable.Repeat("x", 64));
        Assert.Equal(1, Engine.LastCommit);
        Assert.Equal(64, Engine.Figures.Keys);
    }

    [Theory]
    [InlineData(4096, 256 << 10, 100_000, 4)] // three of 100 kB are past the bound, so 3 + 3 + 3 + 1
    [InlineData(4096, 1 << 10, 2000, 10)] // one larger than the bound goes alone
    [InlineData(4, 8 << 20, 1, 3)]
    public async Task A_transaction_is_bounded_in_writes_and_bytes(int commitWrites, int commitBytes, int valueBytes, int commits)
    {
        using var folder = new StoreFolder();
        using var engine = folder.Open(settings: StoreFolder.Settings with { CommitWrites = commitWrites, CommitBytes = commitBytes });
        await AllAtOnceAsync(engine, Enumerable.Repeat(new string('x', valueBytes), 10));
        Assert.Equal(commits, engine.LastCommit);
        Assert.Equal(10, engine.Figures.Keys);
    }

    [Theory]
    [InlineData(3, 64L << 20, "3 writes wait for the store's disk and 1 more came: 3 is the limit (dynamo.storage.queue-writes)")]
    [InlineData(100_000, 350L, "bytes of writes wait for the store's disk and 104 more came: 350 is the limit (dynamo.storage.queue-bytes)")]
    public async Task While_the_disk_stalls_the_queue_is_bounded(int queueWrites, long queueBytes, string why)
    {
        using var folder = new StoreFolder();
        using var engine = folder.Open(settings: StoreFolder.Settings with { QueueWrites = queueWrites, QueueBytes = queueBytes });
        await WhileHeldAsync(engine, async () =>
        {
            var waiting = Enumerable.Range(0, 3).Select(i => engine.WriteAsync([Hundred(i)])).ToArray();
            var refused = engine.WriteAsync([Hundred(3)]);
            Assert.True(refused.IsFaulted);
            Assert.EndsWith(why, (await Assert.ThrowsAsync<StoreException>(() => refused)).Message, StringComparison.Ordinal);
            // Neither counts toward the limit: named values and ordered scans are few.
            return [.. waiting, engine.SetMetaAsync("trees", [1]), engine.ScanInOrder(new Token(0), new Token(0), null, 1, _ => { })];
        });
        Assert.Equal(3, engine.Figures.Keys);
        await engine.StoreAsync([.. Enumerable.Range(3, 7).Select(Hundred)]);
        Assert.Equal(10, engine.Figures.Keys);

        static Mint Hundred(int i) => new(new RecordKey(StorageKey.Of($"k-{i}")), Given.Write(new string('x', 100)), ConflictMode.Siblings);
    }

    [Fact]
    public async Task A_transaction_that_fails_changes_nothing_and_the_next_one_goes_on()
    {
        await MintAsync("a", Given.Write("x"));
        var key = new RecordKey(StorageKey.Of("b"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Engine.StoreAsync([new Mint(key, Given.Write("y"), ConflictMode.Siblings), new Broken(key)]));
        Assert.Equal(Record.None, Engine.Read(key));
        Assert.Equal((1, 1), (Engine.Figures.Keys, Engine.LastCommit));
        Assert.Equal(2, (await MintAsync("b", Given.Write("y"))).Minted!.Value.Tenure.Start);
    }

    [Fact]
    public async Task A_failed_job_does_not_fail_those_committed_with_it()
    {
        await MintAsync("a", Given.Write("x"));
        _folder.Damage("a");
        var heard = new List<Committed>();
        Engine.Watch(heard.Add);
        Task<IReadOnlyList<Applied>>[] writes = [];
        await WhileHeldAsync(Engine, () =>
        {
            writes =
            [
                Engine.WriteAsync([Put("b")]),
                Engine.WriteAsync([Put("c"), Put("a")]),
                Engine.WriteAsync([Put("d"), new Broken(new RecordKey(StorageKey.Of("e")))]),
                Engine.WriteAsync([Put("f")]),
            ];
            return Task.FromResult<Task[]>([writes[0], writes[3]]);
        });
        Assert.Equal(StorageKey.Of("a"), (await Assert.ThrowsAsync<StoreException>(() => writes[1])).Damaged);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writes[2]);
        // What the failed ones did before they failed is undone, including their numbers in the sequence.
        Assert.Equal([2, 3], new[] { writes[0], writes[3] }.Select(w => w.Result[0].Minted!.Value.Tenure.Start));
        Assert.All(["c", "d", "e"], key => Assert.True(Engine.Read(new RecordKey(StorageKey.Of(key))).Versions.IsEmpty));
        Assert.Equal((3, 2), (Engine.Figures.Keys, Engine.LastCommit));
        Assert.Equal(["b", "f"], Assert.Single(heard).Applied.Select(a => a.Key.Key.ToString()));

        static Mint Put(string key) => new(new RecordKey(StorageKey.Of(key)), Given.Write("x"), ConflictMode.Siblings);
    }

    [Fact]
    public async Task When_the_disk_fails_all_that_share_the_transaction_fail()
    {
        await Engine.StoreAsync([Large(0)]);
        await ((SqliteEngine)Engine).LimitAsync("PRAGMA max_page_count = 40");
        Task<IReadOnlyList<Applied>>[] writes = [];
        await WhileHeldAsync(Engine, () =>
        {
            writes = [Engine.WriteAsync([new Broken(new RecordKey(StorageKey.Of("e")))]), .. Enumerable.Range(1, 3).Select(i => Engine.WriteAsync([Large(i)]))];
            return Task.FromResult<Task[]>([]);
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => writes[0]);
        foreach (var write in writes[1..]) Assert.True((await Assert.ThrowsAsync<StoreException>(() => write)).IsOfDisk);
        Assert.Equal((1, 1), (Engine.Figures.Keys, Engine.LastCommit));

        static Mint Large(int i) => new(new RecordKey(StorageKey.Of($"key-{i}")), Given.Write(new string('x', 100_000)), ConflictMode.Siblings);
    }

    [Fact]
    public async Task A_scan_can_go_on_after_a_damaged_record()
    {
        var keys = Enumerable.Range(0, 10).Select(i => StorageKey.Of($"key-{i}")).Order(Comparer<StorageKey>.Create(StorageKey.Compare)).ToArray();
        foreach (var key in keys) await MintAsync(key.ToString(), Given.Write("x"));
        _folder.Damage(keys[3].ToString());
        var (first, last) = (new Token(0), new Token(ulong.MaxValue));
        Assert.Equal(keys[..3], Engine.Scan(first, last, null, 100).Select(r => r.Key));
        Assert.Equal(keys[3], Assert.Throws<StoreException>(() => Engine.Scan(first, last, keys[2], 100)).Damaged);
        Assert.Equal(keys[4..], Engine.Scan(first, last, keys[3], 100).Select(r => r.Key));
    }

    [Fact]
    public async Task Hints_are_counted_by_owner_across_failures_and_restarts()
    {
        using var folder = new StoreFolder();
        using (var engine = folder.Open(newId: 1))
        {
            await engine.StoreAsync([Hint("a", Given.N3), Hint("a", Given.N2), Hint("b", Given.N2)]);
            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.StoreAsync([Hint("c", Given.N4), Hint("c", Given.N2), new Broken(new RecordKey(StorageKey.Of("d")))]));
            Assert.Equal([new HintCount(Given.N2, 2), new HintCount(Given.N3, 1)], engine.HintCounts());
            await engine.StoreAsync([new DropIf(new RecordKey(StorageKey.Of("a"), Given.N3), Given.Value("x", 1))]);
            Assert.Equal([new HintCount(Given.N2, 2)], engine.HintCounts());
        }
        using var again = folder.Open(newId: 2);
        Assert.Equal([new HintCount(Given.N2, 2)], again.HintCounts());
        await again.StoreAsync([Hint("c", Given.N2)]);
        Assert.Equal([new HintCount(Given.N2, 3)], again.HintCounts());

        static MergeIn Hint(string key, NodeId owner) => new(new RecordKey(StorageKey.Of(key), owner), Given.Value("x", 1), ConflictMode.Siblings);
    }

    [Fact]
    public async Task A_store_that_is_closed_takes_no_more_writes()
    {
        Engine.Dispose();
        await Assert.ThrowsAsync<StoreException>(() => MintAsync("a", Given.Write("x")));
        Engine.Dispose();
    }

    [Fact]
    public async Task A_caller_may_close_the_store_in_the_continuation_of_its_write()
    {
        var gate = new TaskCompletionSource();
        // Both run on the writer's own thread: the scan holds it until the writes wait; the first of them closes the store.
        var scan = Engine.ScanInOrder(new Token(0), new Token(0), null, 1, _ => gate.Task.Wait(Given.Long));
        var first = Engine.WriteAsync([Put("a")]).ContinueWith(_ => Engine.Dispose(), TaskContinuationOptions.ExecuteSynchronously);
        var second = Engine.WriteAsync([Put("b")]);
        var named = Engine.SetMetaAsync("trees", [1]);
        gate.SetResult();
        await Task.WhenAll(scan, first, second, named).WaitAsync(Given.Long);
        using var again = _folder.Open(newId: 1);
        Assert.Equal(2, again.Figures.Keys);
        Assert.Equal([1], again.GetMeta("trees"));

        static Mint Put(string key) => new(new RecordKey(StorageKey.Of(key)), Given.Write("x"), ConflictMode.Siblings);
    }

    [Fact]
    public async Task A_close_finishes_pending_writes()
    {
        var writes = Enumerable.Range(0, 100).Select(i => MintAsync($"key-{i}", Given.Write("x"))).ToArray();
        Engine.Dispose();
        await Task.WhenAll(writes).WaitAsync(Given.Long);
        using var again = _folder.Open(newId: 1);
        Assert.Equal(100, again.Figures.Keys);
    }

    [Fact]
    public void A_full_disk_is_named()
    {
        using var folder = new TempFolder();
        using var connection = Connection.Open(folder.At("full.db"), mayCreate: true);
        connection.Execute("CREATE TABLE t (v BLOB)");
        connection.Execute("PRAGMA max_page_count = 3");
        var refusal = Assert.Throws<StoreException>(() => connection.Execute("INSERT INTO t VALUES (zeroblob(1000000))"));
        Assert.Contains("the disk of the store", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(folder.At("full.db"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_writes_fail_reads_go_on_and_nothing_is_lost()
    {
        using var folder = new StoreFolder();
        var written = 0;
        using (var engine = folder.Open(newId: 1))
        {
            await engine.LimitAsync("PRAGMA max_page_count = 100");
            var refusal = await Assert.ThrowsAsync<StoreException>(async () =>
            {
                for (; written < 10; written++) await engine.StoreAsync([Large(written)]);
            });
            Assert.Contains("the disk of the store", refusal.Message, StringComparison.Ordinal);
            Assert.Equal((3, 3), (written, engine.Figures.Keys));
            Assert.Equal(3, engine.LastCommit);
            Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(100_000, ValueOf(engine, i).Length));
            Assert.True(engine.Read(Key(3)).Versions.IsEmpty);
            // A write that frees more than it takes is stored, and makes room.
            await engine.StoreAsync([new DropIf(Key(0), engine.Read(Key(0)).Versions)]);
            await engine.StoreAsync([Large(4)]);
            await Assert.ThrowsAsync<StoreException>(() => engine.StoreAsync([Large(5)]));
            await engine.LimitAsync("PRAGMA max_page_count = 1000000");
            await engine.StoreAsync([Large(5)]);
        }
        using var again = folder.Open(newId: 2);
        Assert.Equal(new StoreId(1), again.Store);
        Assert.Equal(4, again.Figures.Keys);
        Assert.All([1, 2, 4, 5], i => Assert.Equal(100_000, ValueOf(again, i).Length));

        static RecordKey Key(int i) => new(StorageKey.Of($"key-{i}"));
        static Mint Large(int i) => new(Key(i), Given.Write(new string('x', 100_000)), ConflictMode.Siblings);
        static ReadOnlyMemory<byte> ValueOf(SqliteEngine engine, int i) => engine.Read(Key(i)).Versions.Siblings[0].Value;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _folder.Dispose();
    }

    /// <summary>Writes a key for each value while the writer is held, so that all of them are pending when it continues.</summary>
    private static async Task AllAtOnceAsync(IStorageEngine engine, IEnumerable<string> values)
    {
        await WhileHeldAsync(engine, () =>
        {
            var writes = values.Select((value, i) => engine.StoreAsync([new Mint(new RecordKey(StorageKey.Of($"key-{i}")), Given.Write(value), ConflictMode.Siblings)])).ToArray();
            Assert.All(writes, w => Assert.False(w.IsCompleted));
            return Task.FromResult<Task[]>(writes);
        });
    }

    /// <param name="act">Runs while the writer is held; the tasks that it returns complete once the writer continues.</param>
    private static async Task WhileHeldAsync(IStorageEngine engine, Func<Task<Task[]>> act)
    {
        using var gate = new ManualResetEventSlim();
        var held = new TaskCompletionSource();
        var scan = engine.ScanInOrder(new Token(0), new Token(0), null, 1, _ =>
        {
            held.SetResult();
            gate.Wait(Given.Long);
        });
        await held.Task.WaitAsync(Given.Long);
        Task[] waiting;
        try
        {
            waiting = await act();
        }
        finally
        {
            gate.Set();
        }
        await Task.WhenAll([scan, .. waiting]).WaitAsync(Given.Long);
    }

    private sealed record Broken(RecordKey Key) : Mutation(Key)
    {
        public override Applied Apply(Record current, MintingStore store) => throw new InvalidOperationException("on purpose");
    }
}
