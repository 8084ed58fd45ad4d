using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Akka.Tests.Remote;

/// <summary>Actor systems on loopback that end with the test.</summary>
public abstract class RemoteSystems : IAsyncLifetime
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var system in _systems)
            await system.Terminate().WaitAsync(Deadline);
    }

    protected ActorSystem Start(string name, string config = "", int port = 0)
    {
        var system = ActorSystem.Create(name, ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = WARNING
              stdout-loglevel = OFF
              actor.provider = remote
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = {{port}} }
            }
            """)));
        _systems.Add(system);
        return system;
    }

    protected static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    protected static async Task<IActorRef> Resolve(ActorSystem from, ActorSystem at, string path) =>
        await from.ActorSelection($"{AddressOf(at)}{path}").ResolveOne(Deadline);

    protected static IActorRef Echo(ActorSystem system, string name) => system.ActorOf(Props.Create(() => new EchoActor()), name);

    protected static async Task Eventually(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"{what} did not happen within {Deadline}");
            await Task.Yield();
        }
    }

    public sealed class EchoActor : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}

/// <summary>An actor whose messages a test takes one by one.</summary>
public sealed class Probe
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Channel<(object Message, IActorRef Sender)> _messages = Channel.CreateUnbounded<(object, IActorRef)>();

    public Probe(ActorSystem system, string? name = null) =>
        Ref = system.ActorOf(Props.Create(() => new Collector(_messages.Writer)), name);

    public IActorRef Ref { get; }

    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public static Probe Subscribed<T>(ActorSystem system)
    {
        var probe = new Probe(system);
        system.EventStream.Subscribe(probe.Ref, typeof(T));
        return probe;
    }

    public void Watch(IActorRef subject) => Ref.Tell(new Collector.Watch(subject));

    public void Unwatch(IActorRef subject) => Ref.Tell(new Collector.Unwatch(subject));

    public async Task<T> Next<T>()
    {
        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                var (message, sender) = await _messages.Reader.ReadAsync(limit.Token);
                LastSender = sender;
                if (message is T wanted)
                    return wanted;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no {typeof(T).Name} within {Deadline}");
        }
    }

    /// <summary>The first that holds; others of its type are passed over.</summary>
    public async Task<T> Next<T>(Func<T, bool> wanted)
    {
        T next;
        do
        {
            next = await Next<T>();
        }
        while (!wanted(next));
        return next;
    }

    public bool HasMessage => _messages.Reader.Count > 0;

    private sealed class Collector(ChannelWriter<(object, IActorRef)> messages) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Watch watch:
                    Context.Watch(watch.Subject);
                    break;
                case Unwatch unwatch:
                    Context.Unwatch(unwatch.Subject);
                    break;
                default:
                    messages.TryWrite((message, Sender));
                    break;
            }
        }

        internal sealed record Watch(IActorRef Subject);

        internal sealed record Unwatch(IActorRef Subject);
    }
}
