using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Storage;

public sealed class StorageReplicaTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly StorageKey A = StorageKey.Of("a");
    private static readonly StorageKey B = StorageKey.Of("b");
    private static readonly VersionSet Apple = Given.Value("apple", 1);
    private static readonly VersionSet Pear = Given.Value("pear", 2);
    private readonly HeldEngine _engine = new(new MemoryEngine(new StoreId(0xABC)));
    private readonly IActorRef _replica;

    public StorageReplicaTests() => _replica = Sys.ActorOf(StorageReplica.Props(Given.N1, _engine, new HintsUnderWay()));

    [Fact]
    public void Reads_are_answered_in_their_order_whole_or_as_digests()
    {
        Write(A, Apple);
        Write(B, Pear, hintFor: Given.N2);
        _replica.Tell(new ReadBatch([new ReadItem(A, null, false), new ReadItem(B, null, false), new ReadItem(A, null, true), new ReadItem(B, Given.N2, false)]), TestActor);
        var answers = ExpectMsg<ReadAnswers>(Given.Long).Answers;
        Assert.Equal([Apple, VersionSet.Empty, null, Pear], answers.Select(a => a.Set));
        Assert.Equal(VersionCodec.Digest(A, Apple), answers[2].Digest);
    }

    [Fact]
    public void Sets_that_do_not_fit_the_answer_are_answered_as_digests()
    {
        Write(A, Apple);
        Write(B, Pear);
        var small = Sys.ActorOf(StorageReplica.Props(Given.N1, _engine, new HintsUnderWay(), answerBytes: 1));
        small.Tell(new ReadBatch([new ReadItem(A, null, false), new ReadItem(B, null, false)]), TestActor);
        var answers = ExpectMsg<ReadAnswers>(Given.Long).Answers;
        Assert.Equal([Apple, null], answers.Select(a => a.Set));
        Assert.Equal(VersionCodec.Digest(B, Pear), answers[1].Digest);
    }

    [Fact]
    public void Digests_take_room_in_the_answer_too()
    {
        Write(A, Apple);
        Write(B, Pear);
        var replica = Sys.ActorOf(StorageReplica.Props(Given.N1, _engine, new HintsUnderWay(), answerBytes: 500));
        Assert.Equal([Apple, Pear], WholeSets(digests: 10));
        Assert.Equal([Apple], WholeSets(digests: 50));

        IEnumerable<VersionSet> WholeSets(int digests)
        {
            replica.Tell(new ReadBatch([new ReadItem(A, null, false), new ReadItem(B, null, false), .. Enumerable.Repeat(new ReadItem(A, null, true), digests)]), TestActor);
            return ExpectMsg<ReadAnswers>(Given.Long).Answers.Where(a => a.Set is not null).Select(a => a.Set!);
        }
    }

    [Fact]
    public void A_set_larger_than_a_message_is_read_in_slices()
    {
        var large = Given.Values([.. Enumerable.Range(1, 3).Select(i => (new string((char)('a' + i), 3 << 20), Given.Dot((ulong)i, 1, 1), 0UL))]);
        Write(A, large);
        _replica.Tell(new ReadBatch([new ReadItem(A, null, false)]), TestActor);
        Assert.Equal(new ReadAnswer(null, VersionCodec.Digest(A, large)), Assert.Single(ExpectMsg<ReadAnswers>(Given.Long).Answers));
        var (read, last) = (new List<VersionSet>(), (Dot?)null);
        do
        {
            _replica.Tell(new SliceRequest(A, null, last), TestActor);
            var slice = ExpectMsg<SetSlice>(Given.Long);
            read.Add(slice.Set!);
            last = slice.Last;
        }
        while (last is not null);
        Assert.All(read, slice => Assert.Single(slice.Siblings));
        Assert.Equal(large, read.Aggregate(VersionSet.Empty, (merged, slice) => merged.Merge(slice)));
    }

    [Fact]
    public void Writes_merge_with_what_is_there()
    {
        Write(A, Apple);
        Write(A, Pear);
        Assert.Equal("apple pear", Given.Text(_engine.Read(new RecordKey(A)).Versions));
    }

    [Fact]
    public void A_put_that_a_later_stamp_wins_over_is_answered_with_that_stamp()
    {
        var (late, early) = (Stamped("late", 1, 9000), Stamped("early", 2, 5));
        Merge(late, WriteCause.Put);
        Assert.Equal([new KeptWrite(0, 9000)], Merge(early, WriteCause.Put).ToArray());
        Assert.Equal("late", Given.Text(_engine.Read(new RecordKey(A)).Versions));
        // Sent again, it is not new; and a repair may carry a value of the past.
        Assert.Empty(Merge(early, WriteCause.Put));
        Assert.Empty(Merge(Stamped("earlier", 3, 1), WriteCause.ReadRepair));

        ImmutableArray<KeptWrite> Merge(VersionSet set, WriteCause cause)
        {
            _replica.Tell(new WriteBatch([new WriteItem(A, set, null, ConflictMode.LastWriteWins, cause)]), TestActor);
            return ExpectMsg<WriteAnswers>(Given.Long).Kept;
        }

        static VersionSet Stamped(string value, ulong store, long ms) => VersionSet.Empty.Put(Given.Write(value) with { TimestampMs = ms }, Given.Dot(store, 1, 1));
    }

    [Fact]
    public void A_write_is_answered_only_once_the_engine_has_it()
    {
        _engine.Hold();
        _replica.Tell(WriteOf(A, Apple), TestActor);
        // Reads neither wait for the write nor see it.
        _replica.Tell(new ReadBatch([new ReadItem(A, null, false)]), TestActor);
        Assert.Equal([VersionSet.Empty], ExpectMsg<ReadAnswers>(Given.Long).Answers.Select(a => a.Set!));
        Assert.False(HasMessages);
        _engine.Release();
        Assert.Equal([WriteOutcome.Stored], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
    }

    [Fact]
    public void A_write_that_the_engine_cannot_store_is_refused()
    {
        _engine.Fail(new StoreException("the disk is full"));
        _replica.Tell(new WriteBatch([ItemOf(A, Apple), ItemOf(B, Pear)]), TestActor);
        Assert.Equal([WriteOutcome.Refused, WriteOutcome.Refused], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
        _replica.Tell(new MintBatch([new MintItem(A, null, Given.Write("x"), ConflictMode.Siblings)]), TestActor);
        Assert.Equal("the disk is full", ExpectMsg<Status.Failure>(Given.Long).Cause.Message);
    }

    [Fact]
    public async Task A_store_that_turns_out_to_be_an_old_copy_is_logged()
    {
        using var folder = new StoreFolder();
        using var engine = folder.Open(newId: 1);
        var old = folder.CrashCopy();
        await engine.StoreAsync([new Mint(new RecordKey(A), Given.Write("x"), ConflictMode.Siblings)]);
        using var copy = folder.OpenIn(old, newId: 2);
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        Sys.ActorOf(StorageReplica.Props(Given.N1, copy, new HintsUnderWay())).Tell(WriteOf(A, engine.Read(new RecordKey(A)).Versions), TestActor);
        Assert.Contains(
            "others have seen writes of the store 0000000000000001 that it does not know: it is an old copy, or has lost its tail. It writes as 0000000000000002 from now on",
            ExpectMsg<Error>(Given.Long).ToString(), StringComparison.Ordinal);
        ExpectMsg<WriteAnswers>(Given.Long);
    }

    [Fact]
    public void Coordinated_writes_are_minted()
    {
        _replica.Tell(new MintBatch([new MintItem(A, null, Given.Write("x"), ConflictMode.Siblings), new MintItem(B, null, Given.Write("y"), ConflictMode.Siblings)]), TestActor);
        var minted = ExpectMsg<Minted>(Given.Long);
        Assert.Equal([Given.Dot(0xABC, 1, 1), Given.Dot(0xABC, 2, 1)], minted.Applied.Select(a => a.Minted!.Value));
        Assert.False(minted.Synced);
    }

    [Fact]
    public void A_tombstone_is_reaped_if_it_is_still_the_one_that_all_agreed_on()
    {
        var tombstone = Apple.Put(Given.Delete(Apple.Clock), Given.Dot(1, 1, 2));
        Write(A, tombstone);
        Write(B, tombstone);
        Write(B, Pear);
        _replica.Tell(new ReapBatch([new KeySet(A, tombstone), new KeySet(B, tombstone)]), TestActor);
        ExpectMsg<WriteAnswers>(Given.Long);
        Assert.Equal(Record.None, _engine.Read(new RecordKey(A)));
        Assert.Equal("pear †", Given.Text(_engine.Read(new RecordKey(B)).Versions));
    }

    [Fact]
    public void It_reports_the_states_of_keys()
    {
        Write(A, Apple);
        Write(B, Pear, hintFor: Given.N2);
        _replica.Tell(new KeyStatesRequest([A, B]), TestActor);
        Assert.Equal([new KeyState(VersionCodec.Digest(A, Apple), false), new KeyState(0, true)], ExpectMsg<KeyStates>(Given.Long).States.ToArray());
    }

    [Fact]
    public void It_explains_what_it_holds_of_a_key_and_what_last_repaired_it()
    {
        Write(A, Apple);
        Write(A, Pear, hintFor: Given.N3);
        var report = Explain(A);
        Assert.Equal((Given.N1, -1, WriteCause.Put), (report.Node, report.LastRepairMs, report.LastRepair));
        Assert.Equal([new SiblingReport(Apple.Siblings[0].Dot.ToString(), false, 5)], report.Siblings.ToArray());
        Assert.Equal([Given.N3], report.HintsFor.ToArray());
        Write(A, Pear, cause: WriteCause.AntiEntropy);
        var repaired = Explain(A);
        Assert.Equal((2, WriteCause.AntiEntropy), (repaired.Siblings.Length, repaired.LastRepair));
        Assert.True(repaired.LastRepairMs >= 0);
        Assert.Equal(("", 0UL), (Explain(B).Clock, Explain(B).Digest));
    }

    [Fact]
    public void Its_keys_are_scanned_in_pages()
    {
        var keys = Enumerable.Range(0, 25).Select(i => StorageKey.Of($"key-{i}")).ToArray();
        foreach (var key in keys) Write(key, Apple);
        var met = new List<KeyDigest>();
        var pages = new List<int>();
        ScanPage page;
        do
        {
            _replica.Tell(new ScanRequest(new Token(0), new Token(ulong.MaxValue), met.Count > 0 ? met[^1].Key : null, 10), TestActor);
            page = ExpectMsg<ScanPage>(Given.Long);
            met.AddRange(page.Keys);
            pages.Add(page.Keys.Length);
        }
        while (!page.IsLast);
        Assert.Equal([10, 10, 5, 0], pages);
        Assert.Equal(keys.Order(Comparer<StorageKey>.Create(StorageKey.Compare)), met.Select(m => m.Key));
        Assert.All(met, m => Assert.Equal(VersionCodec.Digest(m.Key, Apple), m.Digest));
    }

    [Fact]
    public void An_unreadable_record_fails_alone_and_is_logged_once()
    {
        var c = StorageKey.Of("c");
        foreach (var key in new[] { A, B, c }) Write(key, Apple);
        _engine.Damage(B);
        var errors = CreateTestProbe("errors");
        Sys.EventStream.Subscribe(errors, typeof(Error));

        _replica.Tell(new ReadBatch([new ReadItem(A, null, false), new ReadItem(B, null, false), new ReadItem(B, null, true), new ReadItem(c, null, false)]), TestActor);
        Assert.Equal([new ReadAnswer(Apple, 0), ReadAnswer.Failed, ReadAnswer.Failed, new ReadAnswer(Apple, 0)], ExpectMsg<ReadAnswers>(Given.Long).Answers.ToArray());

        _replica.Tell(new KeyStatesRequest([A, B]), TestActor);
        var states = ExpectMsg<KeyStates>(Given.Long).States;
        Assert.Equal(new KeyState(VersionCodec.Digest(A, Apple), false), states[0]);
        Assert.True(states[1].HasHint && states[1].Digest is not 0 && states[1].Digest != VersionCodec.Digest(B, Apple));
        Assert.Equal("cannot be read", Explain(B).Clock);

        var met = new List<StorageKey>();
        do
        {
            _replica.Tell(new ScanRequest(new Token(0), new Token(ulong.MaxValue), met.Count > 0 ? met[^1] : null, 10), TestActor);
            met.AddRange(ExpectMsg<ScanPage>(Given.Long).Keys.Select(k => k.Key));
        }
        while (met.Count < 2);
        Assert.Equal([A, c], met.OrderBy(k => k.ToString()));

        Assert.Contains("the record of the key b is damaged", errors.ExpectMsg<Error>(Given.Long).ToString(), StringComparison.Ordinal);
        Assert.False(errors.HasMessages);
    }

    private KeyReport Explain(StorageKey key)
    {
        _replica.Tell(new ExplainRequest(key), TestActor);
        return ExpectMsg<KeyReport>(Given.Long);
    }

    private void Write(StorageKey key, VersionSet set, NodeId? hintFor = null, WriteCause cause = WriteCause.Put)
    {
        _replica.Tell(WriteOf(key, set, hintFor, cause), TestActor);
        Assert.Equal([WriteOutcome.Stored], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
    }

    private static WriteBatch WriteOf(StorageKey key, VersionSet set, NodeId? hintFor = null, WriteCause cause = WriteCause.Put) => new([ItemOf(key, set, hintFor, cause)]);

    private static WriteItem ItemOf(StorageKey key, VersionSet set, NodeId? hintFor = null, WriteCause cause = WriteCause.Put) =>
        new(key, set, hintFor, ConflictMode.Siblings, cause);
}
