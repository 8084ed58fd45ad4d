using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Tests.Actor;

/// <summary>A system for the length of a test, and actors that record what they are told.</summary>
public abstract class ActorTest : IAsyncLifetime
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    protected ActorTest(string config = "") => Sys = ActorSystem.Create(
        "test", ConfigurationFactory.ParseString(config + "\nakka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }"));

    protected ActorSystem Sys { get; }

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync() => await Sys.Terminate().WaitAsync(Deadline);

    protected Recorder Record(string? name = null) => new(Sys, name);

    protected IActorRef Spawn(Action<object, IUntypedActorContext> onReceive, string? name = null) =>
        Sys.ActorOf(Props.Create(() => new Lambda(onReceive)), name);

    protected static Props Of(Action<object, IUntypedActorContext> onReceive) => Props.Create(() => new Lambda(onReceive));

    private sealed class Lambda(Action<object, IUntypedActorContext> onReceive) : UntypedActor
    {
        protected override void OnReceive(object message) => onReceive(message, Context);
    }
}

/// <summary>An actor whose messages a test reads in their order, each within a deadline.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Channel<(object Message, IActorRef Sender)> _messages = Channel.CreateUnbounded<(object, IActorRef)>();

    public Recorder(ActorSystem system, string? name)
    {
        var writer = _messages.Writer;
        Ref = system.ActorOf(Props.Create(() => new Writer(writer)), name);
    }

    public IActorRef Ref { get; }

    public IActorRef LastSender { get; private set; } = ActorRefs.NoSender;

    public async Task<object> Next()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var (message, sender) = await _messages.Reader.ReadAsync(deadline.Token);
        LastSender = sender;
        return message;
    }

    public async Task<T> Expect<T>() => Assert.IsAssignableFrom<T>(await Next());

    public async Task Expect(params object[] messages)
    {
        foreach (var message in messages)
            Assert.Equal(message, await Next());
    }

    /// <summary>What has been recorded before a marker that is sent now, from here, is all there is.</summary>
    public async Task ExpectNothing()
    {
        var marker = new object();
        Ref.Tell(marker);
        Assert.Same(marker, await Next());
    }

    private sealed class Writer(ChannelWriter<(object, IActorRef)> writer) : UntypedActor
    {
        protected override void OnReceive(object message) => writer.TryWrite((message, Sender));
    }
}

/// <summary>A <see cref="Terminated"/> on its way to who did not watch, whom the message itself would not reach.</summary>
public sealed record Died(Terminated Terminated);
