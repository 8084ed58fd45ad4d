using Akka.Actor;
using Akka.Event;
using Xunit.Sdk;

namespace Akka.Tests.Kit;

public class EventFilterTests : Akka.TestKit.Xunit2.TestKit
{
    public EventFilterTests()
        : base("akka.loglevel = DEBUG\nakka.test.filter-leeway = 30s")
    {
    }

    [Fact]
    public void What_is_logged_is_expected_by_level_and_text()
    {
        EventFilter.Info("whole").ExpectOne(() => Log.Info("whole"));
        EventFilter.Warning(start: "begins").ExpectOne(() => Log.Warning("begins here"));
        EventFilter.Error(contains: "middle").ExpectOne(() => Log.Error("the middle of it"));
        EventFilter.Debug("x 7").Expect(2, () =>
        {
            Log.Debug("x {0}", 7);
            Log.Debug("x {0}", 7);
        });
    }

    [Fact]
    public async Task What_is_logged_is_awaited()
    {
        await EventFilter.Info("later").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Log.Info("later");
        });
        Assert.Equal(7, EventFilter.Info("x").ExpectOne(() =>
        {
            Log.Info("x");
            return 7;
        }));
    }

    [Fact]
    public void An_actor_s_exception_is_expected()
    {
        var actor = ActorOf(Props.Create(() => new Failing()));
        EventFilter.Exception<InvalidOperationException>("on purpose").ExpectOne(() => actor.Tell("fail"));
        EventFilter.Exception(typeof(Exception), source: actor.Path.ToString()).ExpectOne(() => actor.Tell("fail"));
    }

    [Fact]
    public void A_dead_letter_is_expected_by_type()
    {
        var actor = ActorOf(Props.Create(() => new Failing()));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        EventFilter.DeadLetter<string>(m => m == "late").ExpectOne(() =>
        {
            actor.Tell("late");
            actor.Tell(5);
        });
    }

    [Fact]
    public void A_wrong_count_fails_the_test()
    {
        var shortly = TimeSpan.FromMilliseconds(1);
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").ExpectOne(shortly, () => { }));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(0, TimeSpan.FromSeconds(30), () => Log.Info("x")));
    }

    [Fact]
    public void Filters_combine_and_mute()
    {
        EventFilter.Info("a").And.Warning("b").Expect(2, () =>
        {
            Log.Info("a");
            Log.Warning("b");
        });
        using var muted = EventFilter.Info().Mute();
        Log.Info("not printed");
        muted.Unmute();
        EventFilter.Custom(e => e.LogLevel() == LogLevel.InfoLevel && e.Message.ToString() == "z").ExpectOne(() => Log.Info("z"));
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => throw new InvalidOperationException("on purpose"));
    }
}
