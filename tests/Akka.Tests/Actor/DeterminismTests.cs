#if AKKA_BUNDLED
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Tests.Actor;

/// <summary>A dispatcher that runs nothing but what it is pumped to, and a clock that only a test moves.</summary>
public sealed class DeterminismTests
{
    private const string Config = """
        akka {
          loglevel = DEBUG
          stdout-loglevel = OFF
          loggers = ["Akka.Tests.Actor.DeterminismTests+TranscriptLogger, Akka.Tests"]
          log-dead-letters = on
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          scheduler.implementation = "Akka.Tests.Actor.DeterminismTests+VirtualScheduler, Akka.Tests"
          actor {
            uid-seed = 42
            debug.lifecycle = on
            default-dispatcher { type = "Akka.Tests.Actor.DeterminismTests+PumpedConfigurator, Akka.Tests", throughput = 3 }
            internal-dispatcher.type = "Akka.Tests.Actor.DeterminismTests+PumpedConfigurator, Akka.Tests"
          }
        }
        """;

    [ThreadStatic]
    private static World? _world;

    /// <summary>All there is: the work to do, the timers, the time, and what was seen.</summary>
    private sealed class World
    {
        public readonly PriorityQueue<Action, (long, long)> Timers = new();
        public readonly Queue<IRunnable> Work = new();
        public readonly StringBuilder Transcript = new();
        public readonly int Thread = Environment.CurrentManagedThreadId;
        public TimeSpan Now;
        private long _order;

        public void Post(IRunnable work)
        {
            Assert.Equal(Thread, Environment.CurrentManagedThreadId);
            Work.Enqueue(work);
        }

        public void At(TimeSpan due, Action action) => Timers.Enqueue(action, (due.Ticks, _order++));

        public void Note(object text) => Transcript.Append(Now.TotalMilliseconds).Append(": ").Append(text).Append('\n');

        public void RunUntil(Func<bool> done)
        {
            while (!done())
            {
                if (Work.TryDequeue(out var work))
                    work.Run();
                else if (Timers.TryDequeue(out var timer, out var due))
                    (Now, _) = (TimeSpan.FromTicks(due.Item1), Run(timer));
                else
                    Assert.Fail("Nothing is left to do:\n" + Transcript);
            }

            static bool Run(Action timer)
            {
                timer();
                return true;
            }
        }
    }

    public sealed class PumpedConfigurator(Config config, IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(config, prerequisites)
    {
        private Pumped? _dispatcher;

        public override MessageDispatcher Dispatcher() => _dispatcher ??= new Pumped(this);

        private sealed class Pumped : MessageDispatcher
        {
            public Pumped(MessageDispatcherConfigurator configurator)
                : base(configurator) => Throughput = configurator.Config.GetInt("throughput");

            protected override void ExecuteTask(IRunnable run) => _world!.Post(run);

            protected override void Shutdown()
            {
            }
        }
    }

    public sealed class VirtualScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
    {
        private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override TimeSpan MonotonicClock => _world!.Now;

        public override TimeSpan HighResMonotonicClock => _world!.Now;

        protected override DateTimeOffset TimeNow => Epoch + _world!.Now;

        protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
            Once(delay, () => receiver.Tell(message, sender), cancelable);

        protected override void InternalScheduleTellRepeatedly(
            TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
            Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

        protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Once(delay, action, cancelable);

        protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Once(delay, action.Run, cancelable);

        protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
            Repeat(initialDelay, interval, action, cancelable);

        protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
            Repeat(initialDelay, interval, action.Run, cancelable);

        private static void Once(TimeSpan delay, Action action, ICancelable? cancelable) => _world!.At(_world.Now + delay, () =>
        {
            if (cancelable is not { IsCancellationRequested: true })
                action();
        });

        private static void Repeat(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => _world!.At(_world.Now + delay, () =>
        {
            if (cancelable is { IsCancellationRequested: true })
                return;
            action();
            Repeat(interval, interval, action, cancelable);
        });
    }

    public sealed class TranscriptLogger : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is LogEvent logEvent)
                _world!.Note($"{logEvent.Timestamp:HH:mm:ss.fff} {logEvent.LogSource} {logEvent.Message}");
        }
    }

    /// <summary>Uses all that could leave the one thread: timers, asks and their timeouts, pipes, asynchronous handlers, failures.</summary>
    private sealed class Busy : ReceiveActor, IWithTimers
    {
        private readonly IActorRef? _peer;
        private int _ticks;

        public Busy(IActorRef? peer, TaskCompletionSource done)
        {
            _peer = peer;
            Receive<string>(text => text == "tick", _ =>
            {
                _world!.Note(Self + " tick " + ++_ticks);
                _peer!.Ask<string>("echo", TimeSpan.FromMilliseconds(50)).PipeTo(Self, success: s => "piped " + s, failure: e => "failed " + e.GetType().Name);
                _peer!.Tell(_ticks);
                if (_ticks == 20)
                    done.SetResult();
            });
            Receive<string>(text => text == "echo", _ =>
            {
                if (++_ticks % 3 != 0)
                    Sender.Tell("echoed " + Sender.Path);
            });
            ReceiveAsync<int>(async number =>
            {
                _world!.Note(Self + " begins " + number);
                await Self.Ask<ActorIdentity>(new Identify(number), TimeSpan.FromMilliseconds(7)).ContinueWith(_ => { }, TaskScheduler.Current);
                _world!.Note(Self + " ends " + number);
                if (number % 7 == 0)
                    throw new InvalidOperationException("boom " + number);
            });
            Receive<string>(text => _world!.Note(Self + " " + text));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            if (_peer is not null)
                Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
        }
    }

    private static string Run()
    {
        var world = _world = new World();
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var system = ActorSystem.Create("sim", ConfigurationFactory.ParseString(Config));
            var done = new TaskCompletionSource();
            var echo = system.ActorOf(Props.Create(() => new Busy(null, done)), "echo");
            system.ActorOf(Props.Create(() => new Busy(echo, done)));
            system.ActorOf(Props.Create(() => new Busy(echo, new TaskCompletionSource())), "second");
            world.RunUntil(() => done.Task.IsCompleted);
            var stop = echo.GracefulStop(TimeSpan.FromSeconds(1));
            world.RunUntil(() => stop.IsCompleted);
            var end = system.Terminate();
            world.RunUntil(() => end.IsCompleted);
            return world.Transcript.ToString();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            _world = null;
        }
    }

    [Fact]
    public void A_system_runs_in_one_thread_under_virtual_time_and_twice_the_same()
    {
        var first = Run();
        Assert.Contains("tick 20", first, StringComparison.Ordinal);
        Assert.Contains("piped echoed akka://sim/temp/", first, StringComparison.Ordinal);
        Assert.Contains("failed AskTimeoutException", first, StringComparison.Ordinal);
        Assert.Contains("boom 7", first, StringComparison.Ordinal);
        Assert.Equal(first, Run());
    }
}
#endif
