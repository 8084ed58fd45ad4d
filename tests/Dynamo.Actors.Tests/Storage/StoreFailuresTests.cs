using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Storage;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Storage;

public sealed class StoreFailuresTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);
    private readonly MemoryEngine _engine = new(new StoreId(1));
    private readonly StoreFailures _failures;

    public StoreFailuresTests()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        Sys.EventStream.Subscribe(TestActor, typeof(Info));
        _failures = new StoreFailures(Sys.Log, _engine);
    }

    [Fact]
    public void A_full_disk_is_logged_when_it_begins_once_a_minute_and_when_it_ends()
    {
        Note(0, Stored(1));
        foreach (var seconds in new[] { 0, 1, 59.9, 60, 61 }) Note(seconds, Refused(3));
        ExpectLine<Error>("3 writes were not stored: the disk is full");
        ExpectLine<Error>("9 writes were not stored: the disk is full");
        Note(62, Stored(1));
        Note(63, Stored(1));
        ExpectLine<Info>("writes are stored again; 3 more were not");

        // Again within the minute: what was refused is counted, and told with the next line.
        Note(64, Refused(1));
        Note(65, Stored(1));
        Note(120, Refused(1));
        ExpectLine<Error>("1 writes were not stored");
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task The_reason_is_there_until_a_write_is_stored()
    {
        Assert.Equal("", _failures.Now);
        Note(0, Refused(1));
        Assert.Equal("the disk is full", _failures.Now);
        Note(1, Stored(1));
        Assert.Equal("", _failures.Now);

        // Anyone's.
        Note(2, Refused(1));
        await _engine.WriteAsync([new MergeIn(new RecordKey(StorageKey.Of("k")), Given.Value("x", 1), Core.Buckets.ConflictMode.Siblings)]);
        Assert.Equal("", _failures.Now);

        // A damaged record, or a bound, stops no other write.
        Note(3, new StoreDone(ActorRefs.Nobody, "refused", Some(1), new StoreException("the record of the key k is damaged")));
        Assert.Equal("", _failures.Now);
    }

    [Fact]
    public void An_actor_reports_every_refused_write_and_the_next_stored_one_that_it_is_asked_for()
    {
        var node = CreateTestProbe("node");
        var reports = new StoreReports(node);
        reports.Note(Stored(1));
        reports.Note(Refused(2));
        reports.Note(Stored(3));
        Assert.Equal(2, node.ExpectMsg<StoreReport>(Given.Long).Done.Mutations.Count);
        Assert.False(node.HasMessages);

        reports.Ask();
        reports.Note(Refused(4));
        reports.Note(Stored(5));
        reports.Note(Stored(6));
        Assert.Equal(4, node.ExpectMsg<StoreReport>(Given.Long).Done.Mutations.Count);
        Assert.Equal(5, node.ExpectMsg<StoreReport>(Given.Long).Done.Mutations.Count);
        Assert.False(node.HasMessages);
    }

    private void ExpectLine<T>(string text)
        where T : LogEvent => Assert.Contains(text, ExpectMsg<T>(Given.Long).ToString(), StringComparison.Ordinal);

    private void Note(double seconds, StoreDone done) => _failures.Note(done, Start + TimeSpan.FromSeconds(seconds));

    private static StoreDone Stored(int count) => new(ActorRefs.Nobody, "stored", Some(count));

    private static StoreDone Refused(int count) => new(ActorRefs.Nobody, "refused", Some(count), new StoreException("the disk is full") { IsOfDisk = true });

    private static Mutation[] Some(int count) => [.. Enumerable.Repeat(new DropIf(new RecordKey(StorageKey.Of("cart")), VersionSet.Empty), count)];
}
