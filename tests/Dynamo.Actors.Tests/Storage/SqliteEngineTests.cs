using Dynamo.Actors.Storage.Sqlite;
using Dynamo.Actors.Tests.Support;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Tests.Storage;

/// <summary>The durable engine: the contract, and what is its own: one commit for all that wait, and failures of the disk.</summary>
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
    public void It_syncs_unless_it_is_told_not_to()
    {
        Assert.Equal("sqlite", Engine.Name);
        Assert.True(Engine.IsSynced);
        using var other = new StoreFolder();
        using var engine = other.Open(hocon: "dynamo.storage.durability = os");
        Assert.False(engine.IsSynced);
    }

    [Fact]
    public async Task All_that_waits_is_committed_as_one()
    {
        using var gate = new ManualResetEventSlim();
        var held = new TaskCompletionSource();
        Engine.ScanInOrder(new Token(0), new Token(0), null, 1, _ =>
        {
            held.SetResult();
            gate.Wait(Given.Long);
        });
        await held.Task.WaitAsync(Given.Long);
        var writes = Enumerable.Range(0, 64).Select(i => MintAsync($"key-{i}", Given.Write("x"))).ToArray();
        Assert.All(writes, w => Assert.False(w.IsCompleted));
        gate.Set();
        await Task.WhenAll(writes).WaitAsync(Given.Long);
        Assert.Equal(1, Engine.LastCommit);
        Assert.Equal(64, Engine.Figures.Keys);
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
    public async Task A_store_that_is_closed_takes_no_more_writes()
    {
        Engine.Dispose();
        await Assert.ThrowsAsync<StoreException>(() => MintAsync("a", Given.Write("x")));
        Engine.Dispose();
    }

    [Fact]
    public async Task A_close_finishes_what_waits()
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

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _folder.Dispose();
    }

    private sealed record Broken(RecordKey Key) : Mutation(Key)
    {
        public override Applied Apply(Record current, MintingStore store) => throw new InvalidOperationException("on purpose");
    }
}
