using Akka.Actor;
using Dynamo.Actors.Node;

namespace Dynamo.Actors.Tests.Node;

public class RestartRecordTests
{
    private static readonly Exception Mishap = new InvalidOperationException("a mishap");

    [Fact]
    public void An_actor_that_fails_is_restarted() => Assert.Equal(Fate.Restart, RestartRecord.None.Failed(Mishap, default).Fate);

    [Fact]
    public void The_sixth_failure_within_a_minute_ends_the_node()
    {
        Assert.Equal(
            [Fate.Restart, Fate.Restart, Fate.Restart, Fate.Restart, Fate.Restart, Fate.FailsTooOften],
            FatesAt(0, 10, 20, 30, 40, 59));
    }

    [Fact]
    public void Occasional_failures_never_end_the_node() => Assert.All(FatesAt([.. Enumerable.Range(0, 50).Select(i => i * 12)]), fate => Assert.Equal(Fate.Restart, fate));

    [Fact]
    public void A_restart_counts_for_a_minute()
    {
        Assert.Equal(Fate.Restart, FatesAt(0, 1, 2, 3, 4, 60)[^1]);
        Assert.Equal(Fate.FailsTooOften, FatesAt(0, 1, 2, 3, 4, 60, 60)[^1]);
    }

    [Fact]
    public void An_actor_that_cannot_start_is_not_restarted()
    {
        var nobody = ActorRefs.Nobody;
        Assert.Equal(Fate.CannotStart, RestartRecord.None.Failed(new ActorInitializationException(nobody, "a mishap", Mishap), default).Fate);
        Assert.Equal(Fate.CannotStart, RestartRecord.None.Failed(new PostRestartException(nobody, Mishap, Mishap), default).Fate);
    }

    [Fact]
    public void After_running_out_of_memory_or_being_killed_an_actor_is_not_restarted()
    {
        Assert.Equal(Fate.Fatal, RestartRecord.None.Failed(new OutOfMemoryException(), default).Fate);
        Assert.Equal(Fate.Fatal, RestartRecord.None.Failed(new ActorKilledException("Kill"), default).Fate);
    }

    private static List<Fate> FatesAt(params int[] seconds)
    {
        var (record, fates) = (RestartRecord.None, new List<Fate>());
        foreach (var second in seconds)
        {
            (var fate, record) = record.Failed(Mishap, TimeSpan.FromSeconds(second));
            fates.Add(fate);
        }
        return fates;
    }
}
