using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class TerminationTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static ActorSystem Create() => ActorSystem.Create(
        "test", ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }"));

    private sealed class Relay(IActorRef[] others) : UntypedActor
    {
        private int _next;

        protected override void OnReceive(object message) => others[_next++ % others.Length].Tell(message);
    }

    [Fact]
    public async Task A_system_under_load_terminates()
    {
        var system = Create();
        var relays = new IActorRef[50];
        for (var i = 0; i < relays.Length; i++)
            relays[i] = system.ActorOf(Props.Create(() => new Relay(relays)));
        for (var i = 0; i < 1000; i++)
            relays[i % relays.Length].Tell(i);
        await system.Terminate().WaitAsync(Deadline);
        relays[0].Tell("to the dead");
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Props.Create(() => new Relay(relays))));
    }

    private sealed class Churn : UntypedActor
    {
        private int _left = 2000;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "go":
                    for (var i = 0; i < 20; i++)
                        Next();
                    Sender.Tell("started");
                    break;
                case Terminated:
                    if (_left > 0)
                        Next();
                    break;
            }
        }

        private void Next()
        {
            _left--;
            Context.Watch(Context.ActorOf(Props.Create(() => new Mayfly()))).Tell("live");
        }
    }

    private sealed class Mayfly : UntypedActor
    {
        protected override void OnReceive(object message) => Context.Stop(Self);
    }

    [Fact]
    public async Task A_system_whose_actors_come_and_go_terminates()
    {
        for (var round = 0; round < 20; round++)
        {
            var system = Create();
            await system.ActorOf(Props.Create(() => new Churn())).Ask<string>("go", Deadline);
            await system.Terminate().WaitAsync(Deadline);
        }
    }

#if AKKA_BUNDLED
    [Fact]
    public async Task Each_message_to_a_stopping_actor_is_handled_or_a_dead_letter()
    {
        var system = Create();
        const int senders = 4;
        const int each = 20_000;
        var handled = 0;
        var letters = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dead = 0;
        Action countDead = () => Count(ref dead);
        Action countHandled = () => Count(ref handled);
        var counter = system.ActorOf(Props.Create(() => new Counter(countDead)), "counter");
        system.EventStream.Subscribe(counter, typeof(DeadLetter));
        var subject = system.ActorOf(Props.Create(() => new Counter(countHandled)));
        await Task.WhenAll(Enumerable.Range(0, senders).Select(s => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                subject.Tell("x");
                if (s == 0 && i == each / 2)
                    subject.Tell(PoisonPill.Instance);
            }
        })));
        await letters.Task.WaitAsync(Deadline);
        Assert.Equal(senders * each, handled + dead);
        Assert.True(dead > 0);
        await system.Terminate().WaitAsync(Deadline);

        void Count(ref int count)
        {
            Interlocked.Increment(ref count);
            if (Volatile.Read(ref handled) + Volatile.Read(ref dead) == senders * each)
                letters.TrySetResult();
        }
    }

    private sealed class Parent(int children) : UntypedActor
    {
        protected override void PreStart()
        {
            for (var i = 0; i < children; i++)
                Context.ActorOf(Props.Create(() => new Mayfly()));
        }

        protected override void OnReceive(object message) => Sender.Tell(Context.GetChildren().Count());
    }

    [Fact]
    public async Task A_parent_of_very_many_stops_them_all()
    {
        var system = Create();
        var parent = system.ActorOf(Props.Create(() => new Parent(50_000)));
        Assert.Equal(50_000, await parent.Ask<int>("how many", Deadline));
        Assert.True(await parent.GracefulStop(Deadline));
        await system.Terminate().WaitAsync(Deadline);
    }

    [Fact]
    public async Task Actors_can_be_made_by_many_threads_while_the_system_ends()
    {
        for (var round = 0; round < 10; round++)
        {
            var system = Create();
            var made = Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    if (Record.Exception(() => system.ActorOf(Props.Create(() => new Mayfly()), $"{thread}-{i}")) is { } refused)
                    {
                        Assert.IsType<InvalidOperationException>(refused);
                        return;
                    }
                }
            })));
            await system.Terminate().WaitAsync(Deadline);
            await made.WaitAsync(Deadline);
        }
    }

    private sealed class Counter(Action count) : UntypedActor
    {
        protected override void OnReceive(object message) => count();
    }
#endif

    [Fact]
    public async Task Many_systems_can_live_side_by_side()
    {
        var systems = Enumerable.Range(0, 8).Select(_ => Create()).ToArray();
        await Task.WhenAll(systems.Select(system => system.Terminate())).WaitAsync(Deadline);
        Assert.All(systems, system => Assert.True(system.WhenTerminated.IsCompletedSuccessfully));
    }
}
