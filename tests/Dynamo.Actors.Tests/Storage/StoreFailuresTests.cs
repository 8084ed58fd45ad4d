using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Storage;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Storage;

public sealed class StoreFailuresTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Refused_writes_are_logged_at_once_and_then_counted_for_a_while()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        var failures = new StoreFailures(Sys.Log);
        var start = TimeSpan.FromHours(1);
        failures.Note(new StoreDone(ActorRefs.Nobody, "stored", Some(1)), start);
        foreach (var seconds in new[] { 0, 1, 9.9, 10 }) failures.Note(Refused(3), start + TimeSpan.FromSeconds(seconds));
        Assert.Contains("3 writes were not stored: the disk is full", ExpectMsg<Error>(Given.Long).ToString(), StringComparison.Ordinal);
        Assert.Contains("9 writes were not stored: the disk is full", ExpectMsg<Error>(Given.Long).ToString(), StringComparison.Ordinal);
        Assert.False(HasMessages);
    }

    private static StoreDone Refused(int count) => new(ActorRefs.Nobody, "refused", Some(count), new StoreException("the disk is full"));

    private static Mutation[] Some(int count) => [.. Enumerable.Repeat(new DropIf(new RecordKey(StorageKey.Of("cart")), VersionSet.Empty), count)];
}
