using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Tests.Remote;

/// <summary>Links that fail, addresses that are left alone for a while, incarnations that are never talked to again.</summary>
public class AssociationTests : RemoteSystems
{
    private const string ShortGate = "akka.remote.retry-gate-closed-for = 200 ms";

    [Fact]
    public async Task A_link_is_announced_and_its_end_too()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var up = Probe.Subscribed<AssociatedEvent>(a);
        var down = Probe.Subscribed<DisassociatedEvent>(a);
        await Resolve(a, b, "/user/echo");

        var associated = await up.Next<AssociatedEvent>();
        Assert.Equal(AddressOf(a), associated.LocalAddress);
        Assert.Equal(AddressOf(b), associated.RemoteAddress);
        Assert.False(associated.IsInbound);

        await b.Terminate().WaitAsync(Deadline);

        Assert.Equal(AddressOf(b), (await down.Next<DisassociatedEvent>()).RemoteAddress);
    }

    [Fact]
    public async Task What_is_sent_to_an_address_where_nobody_listens_is_a_dead_letter()
    {
        var a = Start("A");
        var nowhere = new Address("akka.tcp", "B", "127.0.0.1", FreePort());
        var deadLetters = Probe.Subscribed<DeadLetter>(a);
        var errors = Probe.Subscribed<AssociationErrorEvent>(a);

        a.ActorSelection($"{nowhere}/user/x").Tell("lost");

        await deadLetters.Next<DeadLetter>(letter => letter.Message is ActorSelectionMessage { Message: "lost" } or "lost");
        Assert.Equal(nowhere, (await errors.Next<AssociationErrorEvent>()).RemoteAddress);
        // The gate is closed now: what follows is lost at once.
        a.ActorSelection($"{nowhere}/user/x").Tell("lost too");
        await deadLetters.Next<DeadLetter>(letter => letter.Message is ActorSelectionMessage { Message: "lost too" } or "lost too");
    }

    [Fact]
    public async Task An_address_is_tried_again_when_its_gate_opens()
    {
        var a = Start("A", ShortGate);
        var port = FreePort();
        var there = a.ActorSelection($"akka.tcp://B@127.0.0.1:{port}/user/echo");
        await Assert.ThrowsAnyAsync<Exception>(() => there.ResolveOne(TimeSpan.FromSeconds(1)));

        Echo(Start("B", port: port), "echo");

        Assert.Equal("x", await (await Retry(there)).Ask<string>("x", Deadline));
    }

    [Fact]
    public async Task A_system_that_comes_back_at_its_address_is_talked_to_again()
    {
        var a = Start("A", ShortGate);
        var b = Start("B");
        Echo(b, "echo");
        var port = AddressOf(b).Port!.Value;
        var there = a.ActorSelection($"{AddressOf(b)}/user/echo");
        var first = await Retry(there);
        await b.Terminate().WaitAsync(Deadline);

        Echo(Start("B", port: port), "echo");

        var second = await Retry(there);
        Assert.NotEqual(first, second);
        Assert.Equal("x", await second.Ask<string>("x", Deadline));
    }

    /// <summary>The gate is an hour: one that closed again, because the incarnation before was talked to, would be seen.</summary>
    [Fact]
    public async Task The_next_incarnation_at_an_address_is_talked_to_at_once()
    {
        var a = Start("A", "akka.remote.retry-gate-closed-for = 1 h");
        var port = FreePort();
        var first = Start("B", port: port);
        Echo(first, "echo");
        var there = a.ActorSelection($"{AddressOf(first)}/user/echo");
        Assert.Equal("x", await there.Ask<string>("x", Deadline));

        // The incarnation before ends in order, so that the address is not gated for its sake.
        var ended = Probe.Subscribed<DisassociatedEvent>(a);
        await first.Terminate().WaitAsync(Deadline);
        await ended.Next<DisassociatedEvent>();
        var second = Start("B", port: port);
        Echo(second, "echo");
        var back = await second.ActorSelection($"{AddressOf(a)}/").ResolveOne(Deadline);
        Assert.NotNull(back);

        Assert.Equal("y", await there.Ask<string>("y", Deadline));
    }

    [Fact]
    public async Task A_peer_that_stays_away_is_logged_once_and_when_it_is_back()
    {
        var a = Start("A", "akka { loglevel = INFO, remote.retry-gate-closed-for = 20 ms }");
        var log = Probe.Subscribed<LogEvent>(a);
        var errors = Probe.Subscribed<AssociationErrorEvent>(a);
        var port = FreePort();
        var there = a.ActorSelection($"akka.tcp://B@127.0.0.1:{port}/user/echo");
        for (var tries = 0; tries < 5; tries++)
        {
            await Eventually(() => { there.Tell("x"); return errors.HasMessage; }, "a try");
            await errors.Next<AssociationErrorEvent>();
        }
        Echo(Start("B", port: port), "echo");
        await Retry(there);

        var (warnings, isBack) = (0, false);
        while (!isBack)
        {
            var entry = await log.Next<LogEvent>();
            if (entry is Warning && entry.ToString().Contains("Tried to associate", StringComparison.Ordinal)) warnings++;
            isBack = entry is Info && entry.ToString().Contains("Associated again", StringComparison.Ordinal);
        }
        Assert.Equal(1, warnings);
    }

    [Fact]
    public async Task A_quarantined_incarnation_is_not_talked_to_but_the_next_one_is()
    {
        var a = Start("A", ShortGate);
        var b = Start("B", ShortGate);
        Echo(b, "echo");
        var port = AddressOf(b).Port!.Value;
        var there = a.ActorSelection($"{AddressOf(b)}/user/echo");
        var echo = await Retry(there);
        var quarantined = Probe.Subscribed<QuarantinedEvent>(a);
        var told = Probe.Subscribed<ThisActorSystemQuarantinedEvent>(b);

        ((IRemoteActorRefProvider)((ExtendedActorSystem)a).Provider).Quarantine(AddressOf(b), AddressUidExtension.Uid(b));

        var ev = await quarantined.Next<QuarantinedEvent>();
        Assert.Equal(AddressOf(b), ev.Address);
        Assert.Equal(AddressUidExtension.Uid(b), ev.Uid);
        Assert.Equal(AddressOf(a), (await told.Next<ThisActorSystemQuarantinedEvent>()).RemoteAddress);
        await Assert.ThrowsAnyAsync<Exception>(() => echo.Ask<string>("x", TimeSpan.FromSeconds(1)));

        await b.Terminate().WaitAsync(Deadline);
        Echo(Start("B", port: port), "echo");
        Assert.Equal("x", await (await Retry(there)).Ask<string>("x", Deadline));
    }

    [Fact]
    public async Task Messages_that_wait_for_the_link_to_open_are_sent_in_order()
    {
        var (a, b) = (Start("A"), Start("B"));
        var there = new Probe(b, "there");
        var path = ActorPath.Parse($"{AddressOf(b)}/user/there");
        var target = ((ExtendedActorSystem)a).Provider.ResolveActorRef(path);

        for (var i = 0; i < 1000; i++)
            target.Tell(i);

        for (var i = 0; i < 1000; i++)
            Assert.Equal(i, await there.Next<int>());
    }

    [Fact]
    public async Task Two_systems_that_connect_to_each_other_at_once_both_get_through()
    {
        var (a, b) = (Start("A"), Start("B"));
        var (atA, atB) = (new Probe(a, "p"), new Probe(b, "p"));
        var toB = ((ExtendedActorSystem)a).Provider.ResolveActorRef($"{AddressOf(b)}/user/p");
        var toA = ((ExtendedActorSystem)b).Provider.ResolveActorRef($"{AddressOf(a)}/user/p");

        await Task.WhenAll(Task.Run(() => Send(toB)), Task.Run(() => Send(toA)));

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(i, await atA.Next<int>());
            Assert.Equal(i, await atB.Next<int>());
        }

        static void Send(IActorRef target)
        {
            for (var i = 0; i < 500; i++)
                target.Tell(i);
        }
    }

    [Fact]
    public async Task A_watched_system_that_vanishes_is_found_out_by_its_heartbeats()
    {
        var system = Start("A", """
            akka.remote.watch-failure-detector { heartbeat-interval = 100 ms, acceptable-heartbeat-pause = 300 ms, unreachable-nodes-reaper-interval = 100 ms }
            """);
        using var peer = await RawPeer.Associate(AddressOf(system), uid: 42);
        var quarantined = Probe.Subscribed<QuarantinedEvent>(system);
        var remote = ((ExtendedActorSystem)system).Provider.ResolveActorRef($"{peer.Address}/user/x#5");
        var probe = new Probe(system);
        probe.Watch(remote);
        // One answer to a heartbeat, which tells the uid, and then no more.
        Fields heartbeat;
        do
            heartbeat = await peer.ReadEnvelope();
        while (Fields.Of(heartbeat.Bytes(2)).Number(2) != 6);
        await peer.SendFrame(RawPeer.EnvelopePdu(heartbeat.Ref(4), Proto.Number(1, 42), 16, "RWHR", $"{peer.Address}/system/remote-watcher#9"));

        var terminated = await probe.Next<Terminated>();

        Assert.Equal(remote, terminated.ActorRef);
        Assert.True(terminated.AddressTerminated);
        Assert.Equal(42, (await quarantined.Next<QuarantinedEvent>()).Uid);
    }

    private static async Task<IActorRef> Retry(ActorSelection selection)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (true)
        {
            try
            {
                return await selection.ResolveOne(TimeSpan.FromSeconds(2));
            }
            catch (ActorNotFoundException) when (!limit.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
