#if AKKA_BUNDLED
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Akka.Tests.Remote;

/// <summary>
/// Actor systems in one thread under virtual time: dispatcher, scheduler and transport are this class's, found through the system's
/// settings. Every frame is noted, so that two runs can be compared.
/// </summary>
public sealed class SimulatedWorld : IDisposable
{
    [ThreadStatic]
    private static SimulatedWorld? _current;

    private readonly PriorityQueue<Action, (TimeSpan, long)> _agenda = new();
    private readonly Dictionary<Address, Transport> _listeners = [];
    private readonly HashSet<string> _cut = [];
    private readonly Random _random;
    private readonly int _seed;
    private long _order;
    private int _systems;

    public SimulatedWorld(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _current = this;
    }

    public TimeSpan Now { get; private set; }

    public List<string> Frames { get; } = [];

    public ActorSystem Start(string name, string config = "")
    {
        _systems++;
        var type = typeof(SimulatedWorld).FullName;
        return ActorSystem.Create(name, ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              loggers = []
              scheduler.implementation = "{{type}}+Scheduler, Akka.Tests"
              actor {
                provider = remote
                uid-seed = {{_seed * 100 + _systems}}
                default-dispatcher.type = "{{type}}+DispatcherConfigurator, Akka.Tests"
                internal-dispatcher.type = "{{type}}+DispatcherConfigurator, Akka.Tests"
              }
              remote {
                default-remote-dispatcher.type = "{{type}}+DispatcherConfigurator, Akka.Tests"
                enabled-transports = ["akka.remote.simulated"]
                simulated { transport-class = "{{type}}+Transport, Akka.Tests", port = {{_systems}} }
              }
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            """)));
    }

    /// <summary>From now on frames from the system at this address are lost.</summary>
    public void Cut(Address address) => _cut.Add(address.System);

    public void Heal() => _cut.Clear();

    public void RunFor(TimeSpan time)
    {
        var end = Now + time;
        while (_agenda.TryPeek(out _, out var at) && at.Item1 <= end)
            Step();
        Now = end;
    }

    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (!condition())
        {
            if (!_agenda.TryPeek(out _, out var at) || at.Item1 > end)
                return false;
            Step();
        }
        return true;
    }

    public T Run<T>(Task<T> task, TimeSpan limit)
    {
        Assert.True(RunUntil(() => task.IsCompleted, limit), $"not done within {limit} of virtual time");
        return task.GetAwaiter().GetResult();
    }

    public void Dispose() => _current = null;

    private static SimulatedWorld Current => _current ?? throw new InvalidOperationException("no world on this thread: something ran elsewhere");

    private void Step()
    {
        _agenda.TryDequeue(out var act, out var at);
        Now = at.Item1;
        act!();
    }

    private void At(TimeSpan delay, Action act) => _agenda.Enqueue(act, (Now + delay, _order++));

    public sealed class Scheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
    {
        private readonly SimulatedWorld _world = Current;

        public override TimeSpan MonotonicClock => _world.Now;

        public override TimeSpan HighResMonotonicClock => _world.Now;

        protected override DateTimeOffset TimeNow => DateTimeOffset.UnixEpoch + _world.Now;

        protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
            Once(delay, () => receiver.Tell(message, sender), cancelable);

        protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
            Repeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

        protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Once(delay, action, cancelable);

        protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Once(delay, action.Run, cancelable);

        protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
            Repeatedly(initialDelay, interval, action, cancelable);

        protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
            Repeatedly(initialDelay, interval, action.Run, cancelable);

        private void Once(TimeSpan delay, Action action, ICancelable? cancelable) => _world.At(delay, () =>
        {
            if (cancelable is not { IsCancellationRequested: true })
                action();
        });

        private void Repeatedly(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => Once(delay, () =>
        {
            action();
            Repeatedly(interval, interval, action, cancelable);
        }, cancelable);
    }

    public sealed class DispatcherConfigurator : MessageDispatcherConfigurator
    {
        private readonly MessageDispatcher _dispatcher;

        public DispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
            : base(config, prerequisites) => _dispatcher = new Turns(this);

        public override MessageDispatcher Dispatcher() => _dispatcher;

        private sealed class Turns(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
        {
            private readonly SimulatedWorld _world = Current;

            protected override void ExecuteTask(IRunnable run)
            {
                // On another thread there is no world: that would be a fault of the runtime, and fails here.
                Assert.Same(_world, Current);
                _world.At(TimeSpan.Zero, run.Run);
            }

            protected override void Shutdown()
            {
            }
        }
    }

    public sealed class Transport : Akka.Remote.Transport.Transport
    {
        private readonly TaskCompletionSource<IAssociationEventListener> _listener = new();

        public Transport(ActorSystem system, Config config)
        {
            System = system;
            Config = config;
            SchemeIdentifier = "simulated";
            MaximumPayloadBytes = 128_000;
            Address = new Address(SchemeIdentifier, system.Name, "host", config.GetInt("port"));
        }

        private SimulatedWorld World { get; } = Current;

        private Address Address { get; }

        public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
        {
            World._listeners[Address] = this;
            return Task.FromResult((Address, _listener));
        }

        public override bool IsResponsibleFor(Address remote) => true;

        public override Task<AssociationHandle> Associate(Address remoteAddress)
        {
            var opened = new TaskCompletionSource<AssociationHandle>();
            World.At(World.Delay(), () =>
            {
                if (!World._listeners.TryGetValue(remoteAddress, out var target))
                {
                    opened.SetException(new InvalidAssociationException($"nobody listens at {remoteAddress}"));
                    return;
                }
                var (here, there) = (new Handle(World, Address, remoteAddress), new Handle(World, remoteAddress, Address));
                (here.Peer, there.Peer) = (there, here);
                target._listener.Task.Result.Notify(new InboundAssociation(there));
                opened.SetResult(here);
            });
            return opened.Task;
        }

        public override Task<bool> Shutdown()
        {
            World._listeners.Remove(Address);
            return Task.FromResult(true);
        }
    }

    private TimeSpan Delay() => TimeSpan.FromMicroseconds(_random.Next(50, 500));

    private sealed class Handle(SimulatedWorld world, Address local, Address remote) : AssociationHandle(local, remote)
    {
        private TimeSpan _latest;
        private bool _isClosed;

        public Handle Peer { get; set; } = null!;

        public override bool Write(ByteString payload)
        {
            if (_isClosed)
                return false;
            var frame = payload.ToByteArray();
            var isLost = world._cut.Contains(LocalAddress.System);
            world.Frames.Add($"{world.Now.Ticks} {LocalAddress.System}>{RemoteAddress.System}{(isLost ? " lost" : "")} {frame.Length} "
                + Convert.ToHexString(SHA256.HashData(frame))[..16]);
            if (!isLost)
                Send(() => Peer.ReadHandlerSource.Task.Result.Notify(new InboundPayload(ByteString.CopyFrom(frame))));
            return true;
        }

        public override void Disassociate()
        {
            if (_isClosed)
                return;
            _isClosed = true;
            Send(() => Peer.End());
        }

        private void End()
        {
            _isClosed = true;
            ReadHandlerSource.Task.Result.Notify(new Disassociated(DisassociateInfo.Unknown));
        }

        // In order, as a connection is.
        private void Send(Action arrive)
        {
            var arrival = world.Now + world.Delay();
            _latest = arrival > _latest ? arrival : _latest;
            world.At(_latest - world.Now, arrive);
        }
    }
}
#endif
