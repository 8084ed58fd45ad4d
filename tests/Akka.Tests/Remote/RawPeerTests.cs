using Akka.Actor;
using Akka.Remote;

namespace Akka.Tests.Remote;

/// <summary>What a node says to, and takes from, a peer of which only the bytes are known.</summary>
public class RawPeerTests : RemoteSystems
{
    private const string StringManifest = "System.String, System.Private.CoreLib";
    private const string WatchManifest = "Akka.Dispatch.SysMsg.Watch, Akka";
    private const string DeathWatchManifest = "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka";

    [Fact]
    public async Task A_handshake_is_answered_with_who_we_are()
    {
        var system = Start("A");
        using var peer = await RawPeer.Connect(AddressOf(system));
        await peer.SendFrame(peer.AssociatePdu());

        var control = Fields.Of(Fields.Of(await peer.ReadFrame()).Bytes(2));

        Assert.Equal(1, control.Number(1));
        var handshake = Fields.Of(control.Bytes(2));
        var origin = Fields.Of(handshake.Bytes(1));
        Assert.Equal("A", origin.String(1));
        Assert.Equal("127.0.0.1", origin.String(2));
        Assert.Equal(AddressOf(system).Port, (int)origin.Number(3));
        Assert.Equal("tcp", origin.String(4));
        Assert.Equal((ulong)AddressUidExtension.Uid(system), handshake.Fixed(2));
    }

    [Fact]
    public async Task A_message_is_answered_on_the_same_connection()
    {
        var system = Start("A");
        Echo(system, "echo");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var me = $"{peer.Address}/user/me#5";

        await peer.SendFrame(RawPeer.EnvelopePdu($"{AddressOf(system)}/user/echo", "hi"u8.ToArray(), 17, StringManifest, me));

        var answer = await peer.ReadEnvelope();
        Assert.Equal(me, answer.Ref(1));
        Assert.StartsWith($"{AddressOf(system)}/user/echo#", answer.Ref(4));
        Assert.Equal(ulong.MaxValue, answer.Fixed(5));
        var payload = Fields.Of(answer.Bytes(2));
        Assert.Equal("hi", payload.String(1));
        Assert.Equal(17, payload.Number(2));
        Assert.Equal(StringManifest, payload.String(3));
    }

    [Fact]
    public async Task An_ask_is_answerable_by_its_temporary_reference()
    {
        var system = Start("A");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var remote = ((ExtendedActorSystem)system).Provider.ResolveActorRef($"{peer.Address}/user/me#5");

        var asking = remote.Ask<string>("question", Deadline);

        var question = await peer.ReadEnvelope();
        Assert.Equal($"{peer.Address}/user/me#5", question.Ref(1));
        Assert.StartsWith($"{AddressOf(system)}/temp/", question.Ref(4));
        await peer.SendFrame(RawPeer.EnvelopePdu(question.Ref(4), "answer"u8.ToArray(), 17, "S", null));
        Assert.Equal("answer", await asking);
    }

    [Fact]
    public async Task A_selection_goes_to_the_root_with_its_elements()
    {
        var system = Start("A");
        using var peer = await RawPeer.Associate(AddressOf(system));

        system.ActorSelection($"{peer.Address}/user/x").Tell("hi");

        var envelope = await peer.ReadEnvelope();
        Assert.Equal($"{peer.Address}/", envelope.Ref(1));
        var payload = Fields.Of(envelope.Bytes(2));
        Assert.Equal(6, payload.Number(2));
        var expected = Proto.Concat(
            Proto.Bytes(1, Proto.Concat(Proto.String(1, "hi"), Proto.Number(2, 17), Proto.String(3, StringManifest))),
            Proto.Bytes(2, Proto.Concat(Proto.Number(1, 2), Proto.String(2, "user"))),
            Proto.Bytes(2, Proto.Concat(Proto.Number(1, 2), Proto.String(2, "x"))));
        Assert.Equal(expected, payload.Bytes(1));
    }

    [Fact]
    public async Task A_watch_is_numbered_and_sent_again_until_it_is_acknowledged()
    {
        var system = Start("A", "akka.remote.resend-interval = 100 ms");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var remote = ((ExtendedActorSystem)system).Provider.ResolveActorRef($"{peer.Address}/user/x#5");
        new Probe(system).Watch(remote);

        var first = await peer.ReadEnvelope(22);
        var second = await peer.ReadEnvelope(22);

        foreach (var envelope in new[] { first, second })
        {
            Assert.Equal(0ul, envelope.Fixed(5));
            var payload = Fields.Of(envelope.Bytes(2));
            Assert.Equal(WatchManifest, payload.String(3));
            Assert.Equal($"{peer.Address}/user/x#5", Fields.Of(payload.Bytes(1)).Ref(1));
            Assert.StartsWith($"{AddressOf(system)}/system/remote-watcher#", Fields.Of(payload.Bytes(1)).Ref(2));
        }

        // After the acknowledgement the next system message is the next number.
        await peer.SendFrame(RawPeer.AckPdu(0));
        new Probe(system).Watch(((ExtendedActorSystem)system).Provider.ResolveActorRef($"{peer.Address}/user/y#6"));
        Fields next;
        do
            next = await peer.ReadEnvelope(22);
        while (next.Fixed(5) == 0);
        Assert.Equal(1ul, next.Fixed(5));
        Assert.Equal($"{peer.Address}/user/y#6", Fields.Of(Fields.Of(next.Bytes(2)).Bytes(1)).Ref(1));
    }

    [Fact]
    public async Task System_messages_are_delivered_in_order_once_and_acknowledged()
    {
        var system = Start("A");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var provider = ((ExtendedActorSystem)system).Provider;
        string x = $"{peer.Address}/user/x#5", y = $"{peer.Address}/user/y#6";
        var (watcherOfX, watcherOfY) = (new Probe(system), new Probe(system));
        watcherOfX.Watch(provider.ResolveActorRef(x));
        watcherOfY.Watch(provider.ResolveActorRef(y));
        var remoteWatcher = Fields.Of(Fields.Of((await peer.ReadEnvelope(22)).Bytes(2)).Bytes(1)).Ref(2);

        // The second comes first: it waits, and the first is asked for.
        await peer.SendFrame(RawPeer.EnvelopePdu(remoteWatcher, Died(y), 22, DeathWatchManifest, null, 1));
        var nack = await peer.ReadAck();
        Assert.Equal(1ul, nack.Fixed(1));
        Assert.Equal(new byte[8], nack.BytesOrNull(2) ?? new byte[8]);
        Assert.False(watcherOfY.HasMessage);

        await peer.SendFrame(RawPeer.EnvelopePdu(remoteWatcher, Died(x), 22, DeathWatchManifest, null, 0));
        await peer.SendFrame(RawPeer.EnvelopePdu(remoteWatcher, Died(x), 22, DeathWatchManifest, null, 0));

        Assert.Equal(x, (await watcherOfX.Next<Terminated>()).ActorRef.Path.ToSerializationFormat());
        Assert.Equal(y, (await watcherOfY.Next<Terminated>()).ActorRef.Path.ToSerializationFormat());
        Fields ack;
        do
            ack = await peer.ReadAck();
        while (ack.BytesOrNull(2) is not null);
        Assert.Equal(1ul, ack.Fixed(1));
        Assert.False(watcherOfX.HasMessage);
    }

    [Fact]
    public async Task A_watched_actor_that_dies_is_reported_in_a_numbered_message()
    {
        var system = Start("A");
        var echo = Echo(system, "echo");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var path = $"{AddressOf(system)}/user/echo#{echo.Path.Uid}";
        var watcher = $"{peer.Address}/system/remote-watcher#9";
        var watch = Proto.Concat(Proto.Bytes(1, Proto.String(1, path)), Proto.Bytes(2, Proto.String(1, watcher)));
        await peer.SendFrame(RawPeer.EnvelopePdu(path, watch, 22, WatchManifest, null, 0));
        Assert.Equal(0ul, (await peer.ReadAck()).Fixed(1));

        system.Stop(echo);

        var envelope = await peer.ReadEnvelope(22);
        Assert.Equal(watcher, envelope.Ref(1));
        Assert.Equal(0ul, envelope.Fixed(5));
        var payload = Fields.Of(envelope.Bytes(2));
        Assert.Equal(DeathWatchManifest, payload.String(3));
        var notification = Fields.Of(payload.Bytes(1));
        Assert.Equal(path, notification.Ref(1));
        Assert.Equal(1, notification.Number(2));
        Assert.Equal(0, notification.Number(3));
    }

    [Fact]
    public async Task A_heartbeat_of_the_remote_watcher_is_answered_with_our_uid()
    {
        var system = Start("A");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var me = $"{peer.Address}/system/remote-watcher#9";

        await peer.SendFrame(RawPeer.EnvelopePdu($"{AddressOf(system)}/system/remote-watcher", [], 16, "RWHB", me));

        var payload = Fields.Of((await peer.ReadEnvelope()).Bytes(2));
        Assert.Equal("RWHR", payload.String(3));
        Assert.Equal(AddressUidExtension.Uid(system), (int)Fields.Of(payload.Bytes(1)).Number(1));
    }

    [Fact]
    public async Task The_transport_heartbeat_is_four_bytes()
    {
        var system = Start("A", "akka.remote.transport-failure-detector.heartbeat-interval = 100 ms");
        using var peer = await RawPeer.Associate(AddressOf(system));

        Assert.Equal([0x12, 0x02, 0x08, 0x03], await peer.ReadFrame());
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_given_up()
    {
        var system = Start("A", """
            akka.remote.transport-failure-detector { heartbeat-interval = 50 ms, acceptable-heartbeat-pause = 200 ms }
            """);
        var events = Probe.Subscribed<DisassociatedEvent>(system);
        using var peer = await RawPeer.Associate(AddressOf(system));

        await events.Next<DisassociatedEvent>();
        await peer.AssertClosed();
    }

    [Fact]
    public async Task A_connection_that_never_shakes_hands_is_closed()
    {
        var system = Start("A", "akka.remote.dot-netty.tcp.connection-timeout = 300 ms");
        using var silent = await RawPeer.Connect(AddressOf(system));

        await silent.AssertClosed();
    }

    [Fact]
    public async Task Garbage_is_not_answered_and_harms_nobody()
    {
        var system = Start("A");
        Echo(system, "echo");
        var random = new Random(4711);
        for (var i = 0; i < 20; i++)
        {
            var garbage = new byte[4096];
            random.NextBytes(garbage);
            // The first bytes are an impossible length, or a frame of nonsense.
            if (i % 2 == 0)
                BitConverter.TryWriteBytes(garbage, garbage.Length - 4);
            using var peer = await RawPeer.Connect(AddressOf(system));
            await peer.SendBytes(garbage);
            await peer.AssertClosed();
        }

        await AssertAnswers(system);
    }

    [Fact]
    public async Task A_frame_longer_than_the_limit_ends_its_connection_only()
    {
        var system = Start("A");
        Echo(system, "echo");
        using var good = await RawPeer.Associate(AddressOf(system), port: 2);
        using var peer = await RawPeer.Associate(AddressOf(system), port: 3);

        await peer.SendBytes([0, 0, 0, 0x7F, 1, 2, 3, 4]);

        await peer.AssertClosed();
        await AssertAnswers(system, good);
    }

    [Fact]
    public async Task A_peer_that_dies_within_a_frame_takes_nothing_with_it()
    {
        var system = Start("A");
        Echo(system, "echo");
        var events = Probe.Subscribed<DisassociatedEvent>(system);
        var peer = await RawPeer.Associate(AddressOf(system), port: 2);
        await peer.SendBytes([100, 0, 0, 0, 0x0A, 0x50]);
        peer.Dispose();

        var gone = await events.Next<DisassociatedEvent>();

        Assert.Equal(2, gone.RemoteAddress.Port);
        await AssertAnswers(system);
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_is_put_together()
    {
        var system = Start("A");
        Echo(system, "echo");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var pdu = RawPeer.EnvelopePdu($"{AddressOf(system)}/user/echo", "hi"u8.ToArray(), 17, "S", $"{peer.Address}/user/me");

        foreach (var part in BitConverter.GetBytes(pdu.Length).Concat(pdu).Chunk(7))
            await peer.SendBytes(part);

        Assert.Equal("hi", Fields.Of((await peer.ReadEnvelope()).Bytes(2)).String(1));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_dropped_and_the_link_lives_on()
    {
        var system = Start("A");
        Echo(system, "echo");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var echo = $"{AddressOf(system)}/user/echo";

        await peer.SendFrame(RawPeer.EnvelopePdu(echo, [1], 99_999, "", null));
        await peer.SendFrame(RawPeer.EnvelopePdu(echo, [1], 17, "unknown", null));

        await AssertAnswers(system, peer);
    }

    [Fact]
    public async Task A_new_incarnation_at_an_address_is_accepted()
    {
        var system = Start("A");
        Echo(system, "echo");
        using (var first = await RawPeer.Associate(AddressOf(system), port: 9, uid: 1))
            await AssertAnswers(system, first);

        using var second = await RawPeer.Associate(AddressOf(system), port: 9, uid: 2);

        await AssertAnswers(system, second);
    }

    [Fact]
    public async Task A_peer_that_links_in_anew_is_written_to_over_its_new_link()
    {
        var system = Start("A");
        Echo(system, "echo");
        using var first = await RawPeer.Associate(AddressOf(system), port: 9, uid: 1);
        await AssertAnswers(system, first);
        using var second = await RawPeer.Associate(AddressOf(system), port: 9, uid: 1);

        await AssertAnswers(system, second);
#if AKKA_BUNDLED
        await first.AssertClosed();
#endif
    }

#if AKKA_BUNDLED
    [Fact]
    public async Task What_a_hung_peer_does_not_take_goes_to_dead_letters_beyond_a_limit()
    {
        var system = Start("A", "akka.remote.outbound-buffer-size = 1 MiB");
        using var hung = await RawPeer.Associate(AddressOf(system));
        var deadLetters = Probe.Subscribed<Event.DeadLetter>(system);
        var warnings = Probe.Subscribed<Event.Warning>(system);
        var remote = ((ExtendedActorSystem)system).Provider.ResolveActorRef($"{hung.Address}/user/x#5");

        // The kernel's buffers take a few megabytes of it.
        for (var i = 0; i < 2_000; i++)
            remote.Tell(new byte[10_000]);

        Assert.Equal(remote, (await deadLetters.Next<Event.DeadLetter>()).Recipient);
        await warnings.Next<Event.Warning>(warning => $"{warning.Message}".Contains("does not take them"));
    }

    [Fact]
    public async Task In_untrusted_mode_what_could_do_harm_is_dropped()
    {
        var system = Start("A", """
            akka.remote { untrusted-mode = on, trusted-selection-paths = ["/user/echo"] }
            """);
        var echo = Echo(system, "echo");
        using var peer = await RawPeer.Associate(AddressOf(system));
        var path = $"{AddressOf(system)}/user/echo";

        await peer.SendFrame(RawPeer.EnvelopePdu(path, [], 16, "PP", null));
        await AssertAnswers(system, peer);
        Assert.False(((IInternalActorRef)echo).IsTerminated);
    }
#endif

    private static async Task AssertAnswers(ActorSystem system, RawPeer? by = null)
    {
        var peer = by ?? await RawPeer.Associate(AddressOf(system), port: 4);
        await peer.SendFrame(RawPeer.EnvelopePdu($"{AddressOf(system)}/user/echo", "alive"u8.ToArray(), 17, "S", $"{peer.Address}/user/me"));
        Assert.Equal("alive", Fields.Of((await peer.ReadEnvelope(17)).Bytes(2)).String(1));
        if (by is null)
            peer.Dispose();
    }

    private static byte[] Died(string path) => Proto.Concat(Proto.Bytes(1, Proto.String(1, path)), Proto.Number(2, 1));
}
