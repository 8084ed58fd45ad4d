using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Tests.Actor;

public sealed class CoordinatedShutdownTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _log = new();

    private static ActorSystem Create(string config = "") => ActorSystem.Create(
        "test", ConfigurationFactory.ParseString(config + "\nakka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.exit-clr = off }"));

    private Func<Task<Done>> Note(string text) => () =>
    {
        _log.Enqueue(text);
        return Task.FromResult(Done.Instance);
    };

    [Fact]
    public async Task Terminate_runs_the_phases_in_the_order_of_their_dependencies()
    {
        var system = Create();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "3", Note("before terminate"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "1", Note("before unbind"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "2", Note("service stop"));
        system.RegisterOnTermination(() => _log.Enqueue("terminated"));
        await system.Terminate().WaitAsync(Deadline);
        Assert.Equal(["before unbind", "service stop", "before terminate", "terminated"], _log);
        Assert.IsType<CoordinatedShutdown.ActorSystemTerminateReason>(shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_run_happens_once_and_ends_with_the_system()
    {
        var system = Create();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count", Note("ran"));
        var first = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        var second = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Task.WhenAll(first, second).WaitAsync(Deadline);
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Equal(["ran"], _log);
        Assert.IsType<CoordinatedShutdown.UnknownReason>(shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_run_can_begin_at_a_later_phase()
    {
        var shutdown = CoordinatedShutdown.Get(Create());
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "early", Note("early"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "late", Note("late"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).WaitAsync(Deadline);
        Assert.Equal(["late"], _log);
    }

    [Fact]
    public async Task A_phase_that_fails_or_hangs_is_left_behind()
    {
        var shutdown = CoordinatedShutdown.Get(Create("akka.coordinated-shutdown.phases.service-requests-done.timeout = 50ms"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "throws", () => throw new InvalidOperationException("boom"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => Task.FromException<Done>(new InvalidOperationException("boom")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "after", Note("after"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Deadline);
        Assert.Equal(["after"], _log);
    }

    [Fact]
    public async Task A_task_may_be_added_by_a_task_of_an_earlier_phase_and_ask_actors()
    {
        var system = Create();
        var shutdown = CoordinatedShutdown.Get(system);
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "adds", () =>
        {
            shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "added", async () =>
            {
                _log.Enqueue(await echo.Ask<string>("asked", Deadline));
                return Done.Instance;
            });
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Deadline);
        Assert.Equal(["asked"], _log);
    }

    private sealed class Ender : ReceiveActor
    {
        public Ender() => ReceiveAsync<string>(async _ =>
        {
            await Task.Yield();
            await Context.System.Terminate();
        });
    }

    [Fact]
    public async Task A_system_can_be_ended_by_an_actors_asynchronous_handler()
    {
        var system = Create();
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "slow", async () =>
        {
            await Task.Yield();
            _log.Enqueue("stopped");
            return Done.Instance;
        });
        system.ActorOf(Props.Create(() => new Ender())).Tell("end");
        await system.WhenTerminated.WaitAsync(Deadline);
        Assert.Equal(["stopped"], _log);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    [Fact]
    public async Task Termination_without_it_still_stops_everything_and_runs_the_latest_callback_first()
    {
        var system = Create("akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "never", Note("never"));
        system.RegisterOnTermination(() => _log.Enqueue("first registered"));
        system.RegisterOnTermination(() => _log.Enqueue("last registered"));
        await system.Terminate().WaitAsync(Deadline);
        Assert.Equal(["last registered", "first registered"], _log);
    }

    [Fact]
    public async Task Phases_are_known_by_the_configuration()
    {
        var system = Create("akka.coordinated-shutdown.phases { mine { timeout = 3s, depends-on = [service-stop] }, before-cluster-shutdown.depends-on = [mine] }");
        var shutdown = CoordinatedShutdown.Get(system);
        Assert.Equal(TimeSpan.FromSeconds(3), shutdown.Timeout("mine"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "2", Note("cluster"));
        shutdown.AddTask("mine", "1", Note("mine"));
        Assert.ThrowsAny<Exception>(() => shutdown.AddTask("no such", "task", Note("")));
        await system.Terminate().WaitAsync(Deadline);
        Assert.Equal(["mine", "cluster"], _log);
    }
}
