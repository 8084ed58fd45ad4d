using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Tests.Support;

namespace Dynamo.Storage.Tests;

/// <summary>The contract of every storage engine; run against each of them.</summary>
public abstract class EngineContract : IDisposable
{
    private static readonly Token Lowest = new(0);
    private static readonly Token Highest = new(ulong.MaxValue);
    private readonly IStorageEngine _engine;

    protected EngineContract(IStorageEngine engine) => _engine = engine;

    protected static StoreId TheStore { get; } = new(0xABC);

    protected IStorageEngine Engine => _engine;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _engine.Dispose();

    // ---- mutations

    [Fact]
    public void A_record_that_was_never_written_is_none()
    {
        Assert.Equal(Record.None, _engine.Read(new RecordKey(StorageKey.Of("a"))));
        Assert.Equal(default, _engine.Figures);
        Assert.Equal(0, _engine.LastCommit);
        Assert.Equal(TheStore, _engine.Store);
        Assert.Empty(_engine.Scan(Lowest, Highest, null, 10));
        Assert.Empty(_engine.HintCounts());
    }

    [Fact]
    public async Task A_stores_writes_of_a_key_are_one_tenure_without_gaps()
    {
        var first = await MintAsync("a", Given.Write("1"));
        var second = await MintAsync("a", Given.Write("2", CausalContext.Empty.With(first.Minted!.Value)));
        Assert.Equal((Given.Dot(0xABC, 1, 1), Given.Dot(0xABC, 1, 2)), (first.Minted.Value, second.Minted!.Value));
        Assert.Equal("2", TextOf("a"));
        Assert.Equal(second.After, _engine.Read(new RecordKey(StorageKey.Of("a"))));
    }

    [Fact]
    public async Task Tenures_start_from_one_sequence_that_only_grows()
    {
        var starts = new List<long>();
        foreach (var key in new[] { "a", "b", "c" }) starts.Add((await MintAsync(key, Given.Write("x"))).Minted!.Value.Tenure.Start);
        var gone = _engine.Read(new RecordKey(StorageKey.Of("a")));
        await _engine.StoreAsync([new DropIf(new RecordKey(StorageKey.Of("a")), gone.Versions)]);
        starts.Add((await MintAsync("a", Given.Write("again"))).Minted!.Value.Tenure.Start);
        Assert.Equal([1, 2, 3, 4], starts);
    }

    [Fact]
    public async Task A_blind_write_is_a_sibling_and_one_with_a_context_replaces_what_it_saw()
    {
        var apple = (await MintAsync("a", Given.Write("apple"))).Minted!.Value;
        await MintAsync("a", Given.Write("pear"));
        Assert.Equal("apple pear", TextOf("a"));
        await MintAsync("a", Given.Write("plum", CausalContext.Empty.With(apple)));
        Assert.Equal("pear plum", TextOf("a"));
        await MintAsync("a", Given.Delete(_engine.Read(new RecordKey(StorageKey.Of("a"))).Versions.Clock));
        Assert.Equal("†", TextOf("a"));
    }

    [Fact]
    public async Task A_write_that_comes_twice_keeps_its_dot()
    {
        var once = await MintAsync("a", Given.Write("x", writeId: 7));
        var twice = await MintAsync("a", Given.Write("x", writeId: 7));
        Assert.Equal(once.Minted, twice.Minted);
        Assert.False(twice.IsChange);
        Assert.Equal("x", TextOf("a"));
    }

    [Fact]
    public async Task A_merge_adds_new_siblings_and_a_merge_of_known_ones_changes_nothing()
    {
        await MergeAsync("a", Given.Value("there", 1));
        await MergeAsync("a", Given.Value("here", 2));
        Assert.Equal("here there", TextOf("a"));
        Assert.False((await MergeAsync("a", Given.Value("there", 1))).IsChange);
        Assert.Equal(1, _engine.Figures.Keys);
    }

    [Fact]
    public async Task The_mutations_of_one_batch_see_each_other_in_order()
    {
        var key = new RecordKey(StorageKey.Of("a"));
        var applied = await _engine.StoreAsync(
        [
            new Mint(key, Given.Write("1"), ConflictMode.Siblings),
            new Mint(key, Given.Write("2", CausalContext.Empty.With(Given.Dot(0xABC, 1, 1))), ConflictMode.Siblings),
            new MergeIn(key, Given.Value("3", 9), ConflictMode.Siblings),
        ]);
        Assert.Equal(["1", "2", "2 3"], applied.Select(a => Given.Text(a.After.Versions)));
        Assert.Equal(["", "1", "2"], applied.Select(a => Given.Text(a.Before.Versions)));
        Assert.Equal([Given.Dot(0xABC, 1, 1), Given.Dot(0xABC, 1, 2), null], applied.Select(a => a.Minted));
        Assert.Equal("2 3", TextOf("a"));
    }

    [Fact]
    public async Task In_a_last_write_wins_bucket_one_value_stays()
    {
        var early = new Write(CausalContext.Empty, "early"u8.ToArray(), false, 0, 1000);
        var late = new Write(CausalContext.Empty, "late"u8.ToArray(), false, 0, 2000);
        var key = new RecordKey(StorageKey.Of("a"));
        await _engine.StoreAsync([new MergeIn(key, SetOf(late), ConflictMode.LastWriteWins)]);
        await _engine.StoreAsync([new MergeIn(key, SetOf(early), ConflictMode.LastWriteWins)]);
        Assert.Equal("late", TextOf("a"));
        // A write that is coordinated here is later than what is here.
        await _engine.StoreAsync([new Mint(key, early, ConflictMode.LastWriteWins)]);
        Assert.Equal("early", TextOf("a"));

        static VersionSet SetOf(Write write)
        {
            var dot = Given.Dot((ulong)write.TimestampMs, 1, 1);
            return VersionSet.Empty.Put(write, dot);
        }
    }

    [Fact]
    public async Task A_record_is_dropped_only_if_it_is_unchanged()
    {
        var set = Given.Value("x", 1);
        await MergeAsync("a", set);
        var kept = (await _engine.StoreAsync([new DropIf(new RecordKey(StorageKey.Of("a")), Given.Value("y", 2))]))[0];
        Assert.False(kept.IsChange);
        Assert.Equal("x", TextOf("a"));
        var dropped = (await _engine.StoreAsync([new DropIf(new RecordKey(StorageKey.Of("a")), set)]))[0];
        Assert.True(dropped.IsChange);
        Assert.Equal(Record.None, _engine.Read(new RecordKey(StorageKey.Of("a"))));
        Assert.Equal(default, _engine.Figures);
    }

    [Fact]
    public async Task An_empty_batch_is_stored_at_once() => Assert.Empty(await _engine.StoreAsync([]));

    [Fact]
    public async Task Values_and_keys_are_any_bytes()
    {
        var key = StorageKey.Of("bucket", [0, 255, 10]);
        var large = new byte[1 << 20];
        new Random(1).NextBytes(large);
        var set = new VersionSet(
            CausalContext.Of([Given.Dot(1, 1, 2)], []),
            [new Sibling(Given.Dot(1, 1, 1), large, false, ulong.MaxValue, long.MaxValue), new Sibling(Given.Dot(1, 1, 2), Array.Empty<byte>(), false, 1, 0)]);
        await _engine.StoreAsync([new MergeIn(new RecordKey(key), set, ConflictMode.Siblings)]);
        var read = _engine.Read(new RecordKey(key)).Versions;
        Assert.Equal(Shown.Of(set), Shown.Of(read));
        Assert.Equal(key, _engine.Scan(Lowest, Highest, null, 1).Single().Key);
    }

    // ---- hints

    [Fact]
    public async Task Hints_are_kept_by_owner_apart_from_the_stores_own_records()
    {
        var (a, b) = (StorageKey.Of("a"), StorageKey.Of("b"));
        await _engine.StoreAsync(
        [
            new MergeIn(new RecordKey(a), Given.Value("mine", 1), ConflictMode.Siblings),
            new MergeIn(new RecordKey(a, Given.N3), Given.Value("for n3", 2), ConflictMode.Siblings),
            new MergeIn(new RecordKey(a, Given.N2), Given.Value("for n2", 3), ConflictMode.Siblings),
            new Mint(new RecordKey(b, Given.N2), Given.Write("minted for n2"), ConflictMode.Siblings),
        ]);
        Assert.Equal("mine", TextOf("a"));
        Assert.Equal("for n2", Given.Text(_engine.Read(new RecordKey(a, Given.N2)).Versions));
        Assert.Equal([new HintCount(Given.N2, 2), new HintCount(Given.N3, 1)], _engine.HintCounts());
        Assert.Equal([a], _engine.Scan(Lowest, Highest, null, 10).Select(r => r.Key));
        Assert.Equal(new[] { a, b }.Order(Comparer<StorageKey>.Create(StorageKey.Compare)), _engine.ScanHints(Given.N2, null, 10).Select(r => r.Key));
        Assert.Empty(_engine.ScanHints(Given.N1, null, 10));
        Assert.Equal((1, 3), (_engine.Figures.Keys, _engine.Figures.Hints));

        await _engine.StoreAsync([new DropIf(new RecordKey(a, Given.N2), Given.Value("for n2", 3))]);
        Assert.Equal([new HintCount(Given.N2, 1), new HintCount(Given.N3, 1)], _engine.HintCounts());
        Assert.Equal("mine", TextOf("a"));
        Assert.Equal((1, 2), (_engine.Figures.Keys, _engine.Figures.Hints));
    }

    // ---- scans

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_scan_goes_by_token_and_can_resume_after_any_key(int max)
    {
        var keys = Enumerable.Range(0, 50).Select(i => StorageKey.Of($"key-{i}")).ToArray();
        await _engine.StoreAsync([.. keys.Select(k => new MergeIn(new RecordKey(k), Given.Value(k.ToString(), 1), ConflictMode.Siblings))]);
        var expected = keys.Order(Comparer<StorageKey>.Create(StorageKey.Compare)).ToArray();
        Assert.Equal(expected, Pages(Lowest, Highest, max));
        // The range includes both ends.
        Assert.Equal(expected[10..21], Pages(expected[10].Token, expected[20].Token, max));
        Assert.Equal(expected[10..20], Pages(expected[10].Token, new Token(expected[20].Token.Value - 1), max));
        Assert.All(_engine.Scan(Lowest, Highest, null, 100), r => Assert.Equal(r.Key.ToString(), Given.Text(r.Record.Versions)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Keys_that_share_a_token_are_all_there(int max)
    {
        var keys = (from token in new ulong[] { 0, 5, 6, 0x8000_0000_0000_0000, ulong.MaxValue }
                    from name in Enumerable.Range(0, token == 6 ? 1 : 4)
                    select Colliding($"k{name}", token)).ToArray();
        foreach (var key in keys.Reverse()) await _engine.StoreAsync([new MergeIn(new RecordKey(key), Given.Value($"{key}@{key.Token}", 1), ConflictMode.Siblings)]);
        var expected = keys.Order(Comparer<StorageKey>.Create(StorageKey.Compare)).ToArray();
        Assert.All(keys, k => Assert.Equal($"{k}@{k.Token}", Given.Text(_engine.Read(new RecordKey(k)).Versions)));
        Assert.Equal(expected.Select(Name), Pages(Lowest, Highest, max).Select(Name));
        Assert.Equal(keys.Length, _engine.Figures.Keys);
        Assert.Equal(Record.None, _engine.Read(new RecordKey(Colliding("k9", 5))));

        // The first key goes and comes back: the others keep their identity.
        var first = keys[^1];
        await _engine.StoreAsync([new DropIf(new RecordKey(first), _engine.Read(new RecordKey(first)).Versions)]);
        Assert.Equal(Record.None, _engine.Read(new RecordKey(first)));
        await MergeAsync(keys[^2], Given.Value("changed", 2));
        await MergeAsync(first, Given.Value("back", 3));
        Assert.Equal("back", Given.Text(_engine.Read(new RecordKey(first)).Versions));
        Assert.Contains("changed", Given.Text(_engine.Read(new RecordKey(keys[^2])).Versions), StringComparison.Ordinal);
        Assert.Equal(expected.Select(Name), Pages(Lowest, Highest, max).Select(Name));
        Assert.Equal(keys.Length, _engine.Figures.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Hints_that_share_a_token_are_all_there(int max)
    {
        var keys = Enumerable.Range(0, 4).Select(i => Colliding($"k{i}", 5)).Append(Colliding("k", 6)).ToArray();
        await _engine.StoreAsync([.. keys.Select(k => new MergeIn(new RecordKey(k, Given.N2), Given.Value("x", 1), ConflictMode.Siblings))]);
        var met = new List<StorageKey>();
        while (_engine.ScanHints(Given.N2, met.Count > 0 ? met[^1] : null, max) is { Count: > 0 } page) met.AddRange(page.Select(r => r.Key));
        Assert.Equal(keys.Select(k => k.ToString()), met.Select(k => k.ToString()));
    }

    [Fact]
    public async Task Scans_and_counts_follow_every_change()
    {
        var random = new Random(11);
        var all = new Dictionary<RecordKey, VersionSet>();
        for (var step = 0; step < 40; step++)
        {
            var mutations = new List<Mutation>();
            foreach (var i in Enumerable.Range(0, 20))
            {
                var key = new RecordKey(StorageKey.Of($"key-{random.Next(60)}"), random.Next(3) switch { 0 => null, 1 => Given.N2, _ => Given.N3 });
                if (all.Remove(key, out var there)) mutations.Add(new DropIf(key, there));
                else mutations.Add(new MergeIn(key, all[key] = Given.Value($"{step}-{i}", 1, (step * 100) + i + 1), ConflictMode.Siblings));
            }
            await _engine.StoreAsync(mutations);

            var expected = all.Keys.Where(k => k.HintFor is null).Select(k => k.Key).Order(Comparer<StorageKey>.Create(StorageKey.Compare)).ToArray();
            Assert.Equal(expected, Pages(Lowest, Highest, 7));
            var (one, other) = (random.Next(expected.Length), random.Next(expected.Length));
            var (first, last) = (Math.Min(one, other), Math.Max(one, other));
            Assert.Equal(expected[first..(last + 1)], Pages(expected[first].Token, expected[last].Token, 7));
            Assert.Equal(expected[(first + 1)..], _engine.Scan(Lowest, Highest, expected[first], 100).Select(r => r.Key));
            Assert.All(_engine.Scan(Lowest, Highest, null, 100), r => Assert.Equal(all[new RecordKey(r.Key)], r.Record.Versions));
            var hints = all.Keys.Where(k => k.HintFor is not null).CountBy(k => k.HintFor!.Value).Select(c => new HintCount(c.Key, c.Value)).OrderBy(c => c.Owner);
            Assert.Equal(hints, _engine.HintCounts());
        }
    }

    [Fact]
    public async Task Scans_from_any_thread_run_beside_the_writes()
    {
        foreach (var i in Enumerable.Range(0, 50)) await MergeAsync($"stays-{i}", Given.Value("x", 1));
        var stays = Pages(Lowest, Highest, 100);
        var isOver = new TaskCompletionSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            do
            {
                var met = Pages(Lowest, Highest, 7);
                Assert.Equal(stays, met.Where(stays.Contains));
                Assert.True(_engine.HintCounts().Count <= 1);
            }
            while (!isOver.Task.IsCompleted);
        })).ToArray();
        var set = Given.Value("x", 2);
        for (var i = 0; i < 200; i++)
        {
            var keys = new[] { new RecordKey(StorageKey.Of($"key-{i % 20}")), new RecordKey(StorageKey.Of($"key-{i % 20}"), Given.N2) };
            await _engine.StoreAsync([.. keys.Select(k => _engine.Read(k).Versions.IsEmpty ? (Mutation)new MergeIn(k, set, ConflictMode.Siblings) : new DropIf(k, set))]);
        }
        isOver.SetResult();
        await Task.WhenAll(readers).WaitAsync(Given.Long);
    }

    [Fact]
    public async Task A_page_is_bounded_in_bytes_and_only_an_empty_page_is_the_end()
    {
        // 300 kB each: three fit the limit, the fourth does not.
        var keys = Enumerable.Range(0, 10).Select(i => StorageKey.Of($"key-{i}")).Order(Comparer<StorageKey>.Create(StorageKey.Compare)).ToArray();
        var large = new string('x', 300_000);
        foreach (var key in keys)
        {
            await MergeAsync(key, Given.Value(large, 1));
            await _engine.StoreAsync([new MergeIn(new RecordKey(key, Given.N2), Given.Value(large, 1), ConflictMode.Siblings)]);
        }
        var pages = new List<IReadOnlyList<StoredRecord>>();
        StorageKey? After() => pages.Count == 0 ? null : pages[^1][^1].Key;

        while (_engine.Scan(Lowest, Highest, After(), 100) is { Count: > 0 } page) pages.Add(page);
        Assert.Equal([3, 3, 3, 1], pages.Select(p => p.Count));
        Assert.Equal(keys, pages.SelectMany(p => p).Select(r => r.Key));

        pages.Clear();
        while (_engine.ScanHints(Given.N2, After(), 100) is { Count: > 0 } page) pages.Add(page);
        Assert.Equal([3, 3, 3, 1], pages.Select(p => p.Count));
        Assert.Equal(keys, pages.SelectMany(p => p).Select(r => r.Key));

        await _engine.ScanInOrder(Lowest, Highest, keys[0], 100, page => pages = [page]).WaitAsync(Given.Long);
        Assert.Equal(keys[1..4], pages[0].Select(r => r.Key));
    }

    [Fact]
    public async Task A_record_larger_than_a_page_is_a_page_by_itself()
    {
        // Two of them share a token with others: the keys skipped on resuming neither count toward the page nor end the scan.
        var keys = new[] { Colliding("a", 5), Colliding("b", 5), Colliding("c", 5), Colliding("d", 6), Colliding("e", 6) };
        var large = new string('x', (int)PageRoom.MaxBytes);
        foreach (var key in keys) await MergeAsync(key, Given.Value(large, 1));
        var met = new List<StorageKey>();
        while (_engine.Scan(Lowest, Highest, met.Count > 0 ? met[^1] : null, 100) is { Count: > 0 } page) met.Add(Assert.Single(page).Key);
        Assert.Equal(keys.Select(Name), met.Select(Name));
    }

    // ---- figures and meta

    [Fact]
    public async Task Figures_follow_every_change()
    {
        await MergeAsync("a", Given.Value("1", 1));
        var small = _engine.Figures;
        await MergeAsync("a", Given.Value(new string('x', 100), 2));
        var larger = _engine.Figures;
        Assert.Equal((1, 1), (small.Keys, larger.Keys));
        Assert.True(small.Bytes > 0 && larger.Bytes >= small.Bytes + 100, $"{small.Bytes}, then {larger.Bytes}");
        Assert.Equal((0, 0), (larger.Hints, larger.HintBytes));

        await _engine.StoreAsync([new MergeIn(new RecordKey(StorageKey.Of("a"), Given.N2), Given.Value("hint", 3), ConflictMode.Siblings)]);
        Assert.Equal(larger.Bytes, _engine.Figures.Bytes);
        Assert.True(_engine.Figures.HintBytes > 0);
        await _engine.StoreAsync(
        [
            new DropIf(new RecordKey(StorageKey.Of("a"), Given.N2), Given.Value("hint", 3)),
            new DropIf(new RecordKey(StorageKey.Of("a")), _engine.Read(new RecordKey(StorageKey.Of("a"))).Versions),
        ]);
        Assert.Equal(default, _engine.Figures);
    }

    [Fact]
    public async Task A_tombstone_counts_as_a_key()
    {
        var written = await MintAsync("a", Given.Write("x"));
        await MintAsync("a", Given.Delete(written.After.Versions.Clock));
        Assert.Equal(1, _engine.Figures.Keys);
    }

    [Fact]
    public async Task Named_values_are_kept()
    {
        Assert.Null(_engine.GetMeta("trees"));
        await _engine.NameAsync("trees", [1, 2]);
        await _engine.NameAsync("other", []);
        Assert.Equal([1, 2], _engine.GetMeta("trees")!);
        Assert.Empty(_engine.GetMeta("other")!);
        await _engine.NameAsync("trees", [3]);
        Assert.Equal([3], _engine.GetMeta("trees")!);
    }

    // ---- watching

    [Fact]
    public async Task A_watcher_is_told_of_each_transaction_in_order_and_before_its_writer()
    {
        var heard = new List<Committed>();
        _engine.Watch(committed => { lock (heard) heard.Add(committed); });
        for (var i = 1; i <= 5; i++)
        {
            await MergeAsync($"key-{i}", Given.Value("x", 1));
            lock (heard)
            {
                Assert.Equal(i, heard.Count);
                Assert.Equal($"key-{i}", heard[^1].Applied.Single().Key.Key.ToString());
            }
        }
        Assert.Equal([1, 2, 3, 4, 5], heard.Select(c => c.Number));
        Assert.Equal(5, _engine.LastCommit);
    }

    [Fact]
    public async Task Sixty_four_callers_at_once_lose_nothing()
    {
        const int callers = 64, each = 5;
        var heard = new List<Committed>();
        _engine.Watch(committed => { lock (heard) heard.Add(committed); });
        var starts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; i < each; i++)
            {
                mine.Add((await MintAsync($"{caller}-{i}", Given.Write("x"))).Minted!.Value.Tenure.Start);
                await MergeAsync("shared", Given.Value("x", (ulong)caller + 1, i + 1));
            }
            return mine;
        })));
        Assert.Equal(Enumerable.Range(1, callers * each).Select(i => (long)i), starts.SelectMany(s => s).Order());
        Assert.Equal(callers * each, _engine.Read(new RecordKey(StorageKey.Of("shared"))).Versions.Siblings.Length);
        Assert.Equal((callers * each) + 1, _engine.Figures.Keys);
        Assert.Equal(Enumerable.Range(1, heard.Count).Select(i => (long)i), heard.Select(c => c.Number));
        Assert.Equal(callers * each * 2, heard.Sum(c => c.Applied.Count));
        Assert.Equal(heard.Count, _engine.LastCommit);
    }

    /// <summary>As the hash trees are built: transactions maintain what the scan has passed, and the scan meets the rest.</summary>
    [Fact]
    public async Task An_ordered_scan_and_the_transactions_around_it_cover_the_whole_store()
    {
        for (var i = 0; i < 200; i++) await MergeAsync($"key-{i}", Given.Value("old", 1));
        var copy = new Dictionary<StorageKey, VersionSet>();
        StorageKey? scannedTo = null;
        var isOver = new TaskCompletionSource();
        _engine.Watch(committed =>
        {
            lock (copy)
                foreach (var applied in committed.Applied)
                    if (isOver.Task.IsCompleted || (scannedTo is { } to && StorageKey.Compare(applied.Key.Key, to) <= 0)) copy[applied.Key.Key] = applied.After.Versions;
        });
        void HandOver(IReadOnlyList<StoredRecord> records)
        {
            lock (copy)
            {
                foreach (var (key, record) in records) copy.Add(key, record.Versions);
                if (records.Count == 0) isOver.TrySetResult();
                else scannedTo = records[^1].Key;
            }
            // From another thread: the engine may still be inside its own callback.
            if (records.Count > 0) _ = Task.Run(() => _engine.ScanInOrder(Lowest, Highest, scannedTo, 7, HandOver));
        }

        var writers = Enumerable.Range(2, 4).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; i < 150; i++) await MergeAsync($"key-{random.Next(400)}", Given.Value("new", (ulong)writer, i + 1));
        })).ToArray();
        await _engine.ScanInOrder(Lowest, Highest, null, 7, HandOver);
        await Task.WhenAll(writers).WaitAsync(Given.Long);
        await isOver.Task.WaitAsync(Given.Long);

        await MergeAsync("last", Given.Value("x", 99));
        var whole = _engine.Scan(Lowest, Highest, null, 1000);
        lock (copy) Assert.Equal(whole.ToDictionary(r => r.Key, r => r.Record.Versions), copy);
    }

    protected static StorageKey Colliding(string name, ulong token) => new(StorageKey.Of(name).Encoded, new Token(token));

    protected async Task<Applied> MintAsync(string key, Write write) =>
        (await _engine.StoreAsync([new Mint(new RecordKey(StorageKey.Of(key)), write, ConflictMode.Siblings)]))[0];

    private Task<Applied> MergeAsync(string key, VersionSet set) => MergeAsync(StorageKey.Of(key), set);

    private async Task<Applied> MergeAsync(StorageKey key, VersionSet set) =>
        (await _engine.StoreAsync([new MergeIn(new RecordKey(key), set, ConflictMode.Siblings)]))[0];

    private string TextOf(string key) => Given.Text(_engine.Read(new RecordKey(StorageKey.Of(key))).Versions);

    private List<StorageKey> Pages(Token first, Token last, int max)
    {
        var met = new List<StorageKey>();
        while (_engine.Scan(first, last, met.Count > 0 ? met[^1] : null, max) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= max);
            met.AddRange(page.Select(r => r.Key));
        }
        return met;
    }

    private static string Name(StorageKey key) => $"{key}@{key.Token}";
}
