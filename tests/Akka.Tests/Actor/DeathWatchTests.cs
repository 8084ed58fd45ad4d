using Akka.Actor;

namespace Akka.Tests.Actor;

public sealed class DeathWatchTests : ActorTest
{
    private sealed class Guard(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ("watch", IActorRef subject):
                    Context.Watch(subject);
                    Sender.Tell("ok");
                    break;
                case ("watch", IActorRef subject, object with):
                    Context.WatchWith(subject, with);
                    Sender.Tell("ok");
                    break;
                case ("unwatch", IActorRef subject):
                    Context.Unwatch(subject);
                    Sender.Tell("ok");
                    break;
                case ("pact", IActorRef subject):
                    Context.Watch(subject);
                    Become(later => Unhandled(later));
                    Sender.Tell("ok");
                    break;
                case ("child", string name):
                    Sender.Tell(Context.ActorOf(Of((_, _) => { }), name));
                    break;
                case ("stop and remake", string name):
                    Context.Stop(Context.Child(name));
                    var failure = Xunit.Record.Exception(() => Context.ActorOf(Of((_, _) => { }), name));
                    report.Tell(failure?.GetType().Name ?? "made");
                    break;
                default:
                    report.Tell(message is Terminated terminated ? new Died(terminated) : message, Sender);
                    break;
            }
        }

        protected override void PostStop() => report.Tell("guard stopped");
    }

    private readonly Recorder _recorder;
    private readonly IActorRef _guard;

    public DeathWatchTests()
    {
        _recorder = Record();
        var report = _recorder.Ref;
        _guard = Sys.ActorOf(Props.Create(() => new Guard(report)));
    }

    private IActorRef Mortal() => Spawn((_, _) => { });

    [Fact]
    public async Task The_watcher_is_told_once_after_what_the_dead_had_sent()
    {
        var report = _guard;
        var subject = Spawn((message, context) => report.Tell(message, context.Self));
        await _guard.Ask(("watch", subject), Deadline);
        await _guard.Ask(("watch", subject), Deadline);
        subject.Tell("last words");
        subject.Tell(PoisonPill.Instance);
        await _recorder.Expect("last words");
        var terminated = (await _recorder.Expect<Died>()).Terminated;
        Assert.Equal((subject, true, false), (terminated.ActorRef, terminated.ExistenceConfirmed, terminated.AddressTerminated));
        await _guard.Ask(("watch", Mortal()), Deadline);
        await _recorder.ExpectNothing();
    }

    [Fact]
    public async Task To_watch_the_dead_is_answered_too()
    {
        var subject = Mortal();
        Assert.True(await subject.GracefulStop(Deadline));
        await _guard.Ask(("watch", subject), Deadline);
        Assert.Equal(subject, (await _recorder.Expect<Died>()).Terminated.ActorRef);
    }

    [Fact]
    public async Task To_watch_a_place_where_nobody_ever_was_is_answered()
    {
        var nobody = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef("akka://test/user/never");
        await _guard.Ask(("watch", nobody), Deadline);
        var terminated = (await _recorder.Expect<Died>()).Terminated;
        Assert.False(terminated.ExistenceConfirmed);
        Assert.Equal(nobody.Path, terminated.ActorRef.Path);
    }

    [Fact]
    public async Task Unwatch_holds_even_for_a_death_that_is_in_the_mailbox()
    {
        var subject = Mortal();
        await _guard.Ask(("watch", subject), Deadline);
        await _guard.Ask(("unwatch", subject), Deadline);
        Assert.True(await subject.GracefulStop(Deadline));
        await _guard.Ask(("watch", Mortal()), Deadline);
        await _recorder.ExpectNothing();
    }

    [Fact]
    public async Task WatchWith_brings_its_own_message_and_cannot_be_mixed()
    {
        var subject = Mortal();
        await _guard.Ask(("watch", subject, (object)"custom"), Deadline);
        subject.Tell(PoisonPill.Instance);
        await _recorder.Expect("custom");

        var other = Mortal();
        await _guard.Ask(("watch", other), Deadline);
        _guard.Tell(("watch", other, (object)"different"));
        await _recorder.Expect("guard stopped");
    }

    [Fact]
    public async Task A_death_that_is_not_handled_kills_the_watcher()
    {
        var subject = Mortal();
        await _guard.Ask(("pact", subject), Deadline);
        subject.Tell(PoisonPill.Instance);
        await _recorder.Expect("guard stopped");
    }

    [Fact]
    public async Task A_childs_name_is_free_again_after_it_has_terminated()
    {
        var child = await _guard.Ask<IActorRef>(("child", "kid"), Deadline);
        await _guard.Ask(("watch", child), Deadline);
        _guard.Tell(("stop and remake", "kid"));
        await _recorder.Expect(nameof(InvalidActorNameException));
        Assert.Equal(child, (await _recorder.Expect<Died>()).Terminated.ActorRef);
        var second = await _guard.Ask<IActorRef>(("child", "kid"), Deadline);
        Assert.Equal(child.Path, second.Path);
        Assert.NotEqual(child, second);
    }

    [Fact]
    public async Task A_stopped_parent_stops_after_its_children()
    {
        var report = _recorder.Ref;
        var order = Sys.ActorOf(Props.Create(() => new Nested(report, 3)));
        order.Tell(PoisonPill.Instance);
        await _recorder.Expect("stopped 0", "stopped 1", "stopped 2", "stopped 3");
    }

    private sealed class Nested(IActorRef report, int depth) : UntypedActor
    {
        protected override void PreStart()
        {
            if (depth > 0)
                Context.ActorOf(Props.Create(() => new Nested(report, depth - 1)));
        }

        protected override void PostStop() => report.Tell($"stopped {depth}");

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public async Task GracefulStop_is_canceled_when_the_actor_does_not_stop()
    {
        var stubborn = Spawn((_, _) => { });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stubborn.GracefulStop(TimeSpan.FromMilliseconds(50), "please"));
        Assert.True(await stubborn.GracefulStop(Deadline));
        Assert.True(await stubborn.WatchAsync());
    }
}
