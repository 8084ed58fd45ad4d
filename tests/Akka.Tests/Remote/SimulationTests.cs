#if AKKA_BUNDLED
using Akka.Actor;
using Akka.Remote;

namespace Akka.Tests.Remote;

/// <summary>Two systems on a transport that is not ours, in one thread, under virtual time.</summary>
public class SimulationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_run_repeats_frame_by_frame()
    {
        var first = Scenario(seed: 7);
        var second = Scenario(seed: 7);
        var other = Scenario(seed: 8);

        Assert.True(first.Count > 100);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void A_partition_ends_in_terminated_and_quarantine_by_virtual_time()
    {
        using var world = new SimulatedWorld(1);
        var (a, b) = (world.Start("A"), world.Start("B"));
        b.ActorOf(Props.Create(() => new RemoteSystems.EchoActor()), "echo");
        var echo = world.Run(a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Limit), Limit);
        var heard = new List<object>();
        a.ActorOf(Props.Create(() => new Watcher(echo, heard)));
        var events = new List<object>();
        a.EventStream.Subscribe(a.ActorOf(Props.Create(() => new Recorder(events))), typeof(QuarantinedEvent));
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.Empty(heard);

        world.Cut(AddressOf(b));

        Assert.True(world.RunUntil(() => heard.Count > 0, TimeSpan.FromMinutes(1)));
        Assert.True(Assert.IsType<Terminated>(heard[0]).AddressTerminated);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(AddressUidExtension.Uid(b), Assert.IsType<QuarantinedEvent>(Assert.Single(events)).Uid);
    }

    [Fact]
    public void A_silent_link_is_given_up_after_its_heartbeats_fail_and_opened_anew()
    {
        using var world = new SimulatedWorld(2);
        var (a, b) = (world.Start("A"), world.Start("B"));
        b.ActorOf(Props.Create(() => new RemoteSystems.EchoActor()), "echo");
        var echo = world.Run(a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Limit), Limit);
        var events = new List<object>();
        a.EventStream.Subscribe(a.ActorOf(Props.Create(() => new Recorder(events))), typeof(DisassociatedEvent));

        world.Cut(AddressOf(b));
        world.RunFor(TimeSpan.FromSeconds(120));
        Assert.Empty(events);
        world.RunFor(TimeSpan.FromSeconds(15));
        Assert.Single(events);

        world.Heal();
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal("x", world.Run(echo.Ask<string>("x", Limit), Limit));
    }

    [Fact]
    public void A_terminated_message_that_was_lost_is_sent_again_over_the_next_link()
    {
        using var world = new SimulatedWorld(3);
        // Only the acknowledged delivery of system messages can bring the news here: the heartbeats are forgiving.
        const string patient = "akka.remote.watch-failure-detector.acceptable-heartbeat-pause = 1 h";
        var (a, b) = (world.Start("A", patient), world.Start("B", patient));
        var target = b.ActorOf(Props.Create(() => new RemoteSystems.EchoActor()), "echo");
        var echo = world.Run(a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Limit), Limit);
        var heard = new List<object>();
        a.ActorOf(Props.Create(() => new Watcher(echo, heard)));
        world.RunFor(TimeSpan.FromSeconds(5));

        world.Cut(AddressOf(b));
        b.Stop(target);
        world.RunFor(TimeSpan.FromMinutes(4));
        Assert.Empty(heard);
        world.Heal();

        Assert.True(world.RunUntil(() => heard.Count > 0, TimeSpan.FromMinutes(1)));
        Assert.False(Assert.IsType<Terminated>(Assert.Single(heard)).AddressTerminated);
    }

    [Fact]
    public void A_handshake_that_is_never_answered_gates_the_address_after_its_limit()
    {
        using var world = new SimulatedWorld(4);
        var (a, b) = (world.Start("A"), world.Start("B"));
        var letters = new List<object>();
        a.EventStream.Subscribe(a.ActorOf(Props.Create(() => new Recorder(letters))), typeof(Event.DeadLetter));
        world.Cut(AddressOf(b));

        a.ActorSelection($"{AddressOf(b)}/user/echo").Tell("x");
        world.RunFor(TimeSpan.FromSeconds(14));
        Assert.Empty(letters);
        world.RunFor(TimeSpan.FromSeconds(3));

        Assert.Single(letters);
    }

    [Fact]
    public void A_system_terminates_within_the_world_and_its_peer_hears_of_it()
    {
        using var world = new SimulatedWorld(5);
        var (a, b) = (world.Start("A"), world.Start("B"));
        b.ActorOf(Props.Create(() => new RemoteSystems.EchoActor()), "echo");
        var echo = world.Run(a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Limit), Limit);
        var heard = new List<object>();
        a.ActorOf(Props.Create(() => new Watcher(echo, heard)));
        world.RunFor(TimeSpan.FromSeconds(2));

        var terminated = b.Terminate();

        Assert.True(world.RunUntil(() => terminated.IsCompleted && heard.Count > 0, TimeSpan.FromMinutes(1)));
    }

    private static List<string> Scenario(int seed)
    {
        using var world = new SimulatedWorld(seed);
        var (a, b) = (world.Start("A"), world.Start("B"));
        b.ActorOf(Props.Create(() => new RemoteSystems.EchoActor()), "echo");
        var echo = world.Run(a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Limit), Limit);
        var heard = new List<object>();
        a.ActorOf(Props.Create(() => new Watcher(echo, heard)));
        for (var i = 0; i < 50; i++)
            Assert.Equal(i, world.Run(echo.Ask<int>(i, Limit), Limit));
        world.RunFor(TimeSpan.FromSeconds(20));
        world.Cut(AddressOf(b));
        Assert.True(world.RunUntil(() => heard.Count > 0, TimeSpan.FromMinutes(1)));
        world.Heal();
        world.RunFor(TimeSpan.FromMinutes(3));
        return world.Frames;
    }

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private sealed class Watcher(IActorRef subject, List<object> heard) : UntypedActor
    {
        protected override void PreStart() => Context.Watch(subject);

        protected override void OnReceive(object message) => heard.Add(message);
    }

    private sealed class Recorder(List<object> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.Add(message);
    }
}
#endif
