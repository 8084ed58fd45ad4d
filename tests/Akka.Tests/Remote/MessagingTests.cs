using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Tests.Remote;

public class MessagingTests : RemoteSystems
{
    [Fact]
    public async Task An_answer_comes_back_to_who_asked()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var echo = await Resolve(a, b, "/user/echo");

        Assert.Equal("hello", await echo.Ask<string>("hello", Deadline));
        Assert.Equal(7, await echo.Ask<int>(7, Deadline));
        Assert.Equal(8L, await echo.Ask<long>(8L, Deadline));
        Assert.Equal([1, 2, 3], await echo.Ask<byte[]>(new byte[] { 1, 2, 3 }, Deadline));
    }

    [Fact]
    public async Task A_sender_can_be_answered_and_is_known_by_its_address()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var probe = new Probe(a, "probe");
        var echo = await Resolve(a, b, "/user/echo");

        echo.Tell("x", probe.Ref);

        Assert.Equal("x", await probe.Next<string>());
        Assert.Equal(AddressOf(b), probe.LastSender.Path.Address);
        Assert.Equal("/user/echo", probe.LastSender.Path.ToStringWithoutAddress());
        Assert.Equal(echo, probe.LastSender);
    }

    [Fact]
    public async Task A_selection_reaches_who_is_there_before_anything_is_resolved()
    {
        var (a, b) = (Start("A"), Start("B"));
        var there = new Probe(b, "there");

        a.ActorSelection($"{AddressOf(b)}/user/there").Tell("by name");
        a.ActorSelection($"{AddressOf(b)}/user/th*").Tell("by pattern");

        Assert.Equal("by name", await there.Next<string>());
        Assert.Equal("by pattern", await there.Next<string>());
    }

    [Fact]
    public async Task Identify_finds_an_actor_and_says_when_nobody_is_there()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");

        var found = await a.ActorSelection($"{AddressOf(b)}/user/echo").Ask<ActorIdentity>(new Identify("id-1"), Deadline);
        var missing = await a.ActorSelection($"{AddressOf(b)}/user/nobody").Ask<ActorIdentity>(new Identify(null), Deadline);

        Assert.Equal("id-1", found.MessageId);
        Assert.Equal($"{AddressOf(b)}/user/echo", found.Subject.Path.ToString());
        Assert.Null(missing.MessageId);
        Assert.Null(missing.Subject);
        await Assert.ThrowsAsync<ActorNotFoundException>(() => a.ActorSelection($"{AddressOf(b)}/user/nobody").ResolveOne(Deadline));
    }

    [Fact]
    public async Task A_reference_within_a_message_leads_back_to_its_actor()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var mine = new Probe(a, "mine");
        var echo = await Resolve(a, b, "/user/echo");

        var back = await echo.Ask<ActorIdentity>(new ActorIdentity("who", mine.Ref), Deadline);

        Assert.Equal(mine.Ref, back.Subject);
        back.Subject.Tell("me");
        Assert.Equal("me", await mine.Next<string>());
    }

    [Fact]
    public async Task A_hundred_thousand_messages_come_in_order()
    {
        const int count = 100_000;
        var (a, b) = (Start("A"), Start("B"));
        var there = new Probe(b, "there");
        var target = await Resolve(a, b, "/user/there");

        for (var i = 0; i < count; i++)
            target.Tell(i);

        for (var i = 0; i < count; i++)
            Assert.Equal(i, await there.Next<int>());
    }

    [Fact]
    public async Task What_several_actors_send_comes_in_the_order_of_each()
    {
        const int senders = 8;
        const int each = 5_000;
        var (a, b) = (Start("A"), Start("B"));
        var there = new Probe(b, "there");
        var target = await Resolve(a, b, "/user/there");

        for (var s = 0; s < senders; s++)
        {
            var sender = s;
            a.ActorOf(Props.Create(() => new Burst(target, sender, each)));
        }

        var next = new int[senders];
        for (var i = 0; i < senders * each; i++)
        {
            var text = await there.Next<string>();
            var parts = text.Split(':');
            Assert.Equal(next[int.Parse(parts[0])]++, int.Parse(parts[1]));
        }
    }

    [Fact]
    public async Task A_message_to_an_actor_that_stopped_is_a_dead_letter_over_there()
    {
        var (a, b) = (Start("A"), Start("B"));
        var echo = Echo(b, "echo");
        var remote = await Resolve(a, b, "/user/echo");
        var deadLetters = Probe.Subscribed<DeadLetter>(b);
        await echo.GracefulStop(Deadline);

        remote.Tell("too late");

        Assert.Equal("too late", (await deadLetters.Next<DeadLetter>(letter => letter.Message is string)).Message);
    }

    [Fact]
    public async Task A_new_actor_of_the_same_name_is_found_anew()
    {
        var (a, b) = (Start("A"), Start("B"));
        var first = Echo(b, "echo");
        var toFirst = await Resolve(a, b, "/user/echo");
        Assert.Equal("1", await toFirst.Ask<string>("1", Deadline));
        await first.GracefulStop(Deadline);
        // The name is free a moment after the actor is gone.
        await Eventually(() => TryEcho(b), "a second actor of that name");

        var toSecond = await Resolve(a, b, "/user/echo");

        Assert.NotEqual(toFirst, toSecond);
        Assert.Equal("2", await toSecond.Ask<string>("2", Deadline));
    }

    [Fact]
    public async Task A_message_larger_than_a_frame_is_refused_with_its_size_and_the_limit_and_the_link_lives_on()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var echo = await Resolve(a, b, "/user/echo");
        var errors = Probe.Subscribed<Error>(a);

        echo.Tell(new byte[200_000]);

        var error = await errors.Next<Error>();
        Assert.Contains("128000", $"{error.Message} {error.Cause}");
        Assert.Contains("200", $"{error.Message} {error.Cause}");
        Assert.Equal("still here", await echo.Ask<string>("still here", Deadline));
    }

#if AKKA_BUNDLED
    [Fact]
    public async Task A_message_that_no_serializer_takes_is_refused_by_its_type_and_the_link_lives_on()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var echo = await Resolve(a, b, "/user/echo");
        var errors = Probe.Subscribed<Error>(a);

        echo.Tell(new Unbound());

        var error = await errors.Next<Error>();
        Assert.IsType<System.Runtime.Serialization.SerializationException>(error.Cause);
        Assert.Contains(typeof(Unbound).FullName!, error.Cause.Message);
        Assert.Equal("still here", await echo.Ask<string>("still here", Deadline));
    }

    private sealed class Unbound;
#endif

    [Fact]
    public async Task A_larger_frame_size_lets_a_larger_message_through()
    {
        const string larger = "akka.remote.dot-netty.tcp.maximum-frame-size = 3 MiB";
        var (a, b) = (Start("A", larger), Start("B", larger));
        Echo(b, "echo");
        var echo = await Resolve(a, b, "/user/echo");
        var value = new byte[2 * 1024 * 1024];
        new Random(1).NextBytes(value);

        Assert.Equal(value, await echo.Ask<byte[]>(value, Deadline));
    }

    [Fact]
    public async Task A_system_that_is_sent_to_itself_by_its_own_address_answers()
    {
        var a = Start("A");
        var echo = Echo(a, "echo");

        var found = await a.ActorSelection($"{AddressOf(a)}/user/echo").ResolveOne(Deadline);

        Assert.Equal(echo, found);
        Assert.Equal("x", await found.Ask<string>("x", Deadline));
    }

    [Fact]
    public void Two_systems_cannot_listen_at_one_port()
    {
        var a = Start("A");

        var failure = Assert.ThrowsAny<Exception>(() => Start("B", port: AddressOf(a).Port!.Value));

        Assert.NotNull(failure);
#if AKKA_BUNDLED
        Assert.Contains($"127.0.0.1:{AddressOf(a).Port}", failure.ToString());
        Assert.Contains("in use", failure.ToString());
#endif
    }

    [Fact]
    public async Task A_default_address_is_what_others_reach_it_by()
    {
        var a = Start("A");
        var address = AddressOf(a);

        Assert.Equal("akka.tcp", address.Protocol);
        Assert.Equal("127.0.0.1", address.Host);
        Assert.NotEqual(0, address.Port);
        Assert.Equal(address.ToString(), $"akka.tcp://A@127.0.0.1:{address.Port}");
        await Task.CompletedTask;
    }

    private static bool TryEcho(ActorSystem system)
    {
        try
        {
            return Echo(system, "echo") is not null;
        }
        catch (InvalidActorNameException)
        {
            return false;
        }
    }

    private sealed class Burst(IActorRef target, int sender, int count) : UntypedActor
    {
        protected override void PreStart()
        {
            for (var i = 0; i < count; i++)
                target.Tell($"{sender}:{i}");
        }

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
