using Akka.Actor;
using Akka.Configuration;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

/// <summary>Whole actor systems, one of which has DotNetty's transport.</summary>
public sealed class InteropTests(TestCertificate certificate) : IClassFixture<TestCertificate>
{
    /// <summary>Sends back every message.</summary>
    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    public enum Kind
    {
        Ours,
        Stock,
    }

    public enum Security
    {
        None,
        Tls,
        MutualTls,
    }

    public static TheoryData<Kind, Kind, Security> Ends
    {
        get
        {
            var ends = new TheoryData<Kind, Kind, Security>();
            foreach (var security in Enum.GetValues<Security>())
            {
                ends.Add(Kind.Ours, Kind.Ours, security);
                ends.Add(Kind.Ours, Kind.Stock, security);
                ends.Add(Kind.Stock, Kind.Ours, security);
            }

            return ends;
        }
    }

    [Theory]
    [InlineData(Kind.Ours)]
    [InlineData(Kind.Stock)]
    public async Task A_system_says_its_own_address_to_whoever_calls_it_by_another(Kind kind)
    {
        using var system = Given.System(kind == Kind.Ours ? Given.Ours("public-hostname = \"its.own.name\"") : Given.Stock("public-hostname = \"its.own.name\""));
        var port = Given.AddressOf(system).Port!.Value;
        using var limit = new CancellationTokenSource(Given.Long);
        Assert.Equal(("its.own.name", port), await OwnAddress.AskAsync("localhost", port, limit.Token));
    }

    [Fact]
    public async Task Who_does_not_answer_or_does_not_exist_has_no_address()
    {
        using var deaf = new DeafHost();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.Null(await OwnAddress.AskAsync(deaf.Address.Host, deaf.Address.Port!.Value, limit.Token));
        Assert.Null(await OwnAddress.AskAsync("127.0.0.1", 1, CancellationToken.None));
        Assert.Null(await OwnAddress.AskAsync("no-such-host.invalid", 1, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Messages_small_and_large_are_echoed(Kind asking, Kind echoing, Security security)
    {
        using var asker = Given.System(Of(asking, security));
        using var echoer = Given.System(Of(echoing, security));
        var echo = await Reach(asker, echoer);
        Assert.Equal(security == Security.None ? "akka.tcp" : "akka.ssl.tcp", echo.Path.Address.Protocol);
        foreach (var size in new[] { 0, 1, 100, 65_535, 65_536, 65_537, 120_000, 127_000 })
        {
            var text = new string((char)('a' + (size % 26)), size);
            Assert.Equal(text, await echo.Ask<string>(text, Given.Long));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => echo.Ask<int>(i, Given.Long)));
        Assert.Equal(Enumerable.Range(0, 5_000), answers);
    }

    [Theory]
    [InlineData(Kind.Ours)]
    [InlineData(Kind.Stock)]
    public async Task A_message_of_any_size_around_the_limit_leaves_the_association_alive(Kind echoing)
    {
        using var asker = Given.System(Of(Kind.Ours, Security.None, "maximum-frame-size = 40000b"));
        using var echoer = Given.System(Of(echoing, Security.None, "maximum-frame-size = 40000b"));
        var echo = await Reach(asker, echoer);
        var probe = asker.ActorOf(Props.Create<Lost>(), "lost");
        asker.EventStream.Subscribe(probe, typeof(Akka.Remote.DisassociatedEvent));
        for (var size = 39_500; size < 40_100; size++)
        {
            echo.Tell(new string('x', size), ActorRefs.NoSender);
            Assert.Equal(size, await echo.Ask<int>(size, Given.Long));
        }

        Assert.Equal(0, await probe.Ask<int>("how many", Given.Long));
    }

    [Fact]
    public async Task A_node_that_leaves_and_comes_back_is_reached_again()
    {
        const string impatient = "retry-gate-closed-for = 100ms";
        using var asker = Given.System(Given.Ours().WithFallback($"akka.remote {{ {impatient} }}"));
        int port;
        using (var first = Given.System("come-back", Given.Ours()))
        {
            port = Given.AddressOf(first).Port!.Value;
            Assert.Equal(1, await (await Reach(asker, first)).Ask<int>(1, Given.Long));
            await first.Terminate().WaitAsync(Given.Long);
        }

        using var second = Given.System("come-back", Given.Ours($"port = {port}"));
        var again = await Reach(asker, second);
        Assert.Equal(2, await again.Ask<int>(2, Given.Long));
    }

    [Fact]
    public async Task A_system_that_cannot_be_dialled_is_answered_again_when_it_has_connected_again()
    {
        using var node = Given.System("dialled", Given.Ours("dial-only = [dialled]"));
        var config = Given.Ours("public-hostname = \"10.1.2.3\"\npublic-port = 40404").WithFallback("akka.remote.retry-gate-closed-for = 50ms");
        using var guest = Given.System(config);
        var echo = await Reach(guest, node);
        var transport = ((Akka.Remote.IRemoteActorRefProvider)((ExtendedActorSystem)guest).Provider).Transport;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(round, await echo.Ask<int>(round, Given.Long));
            Assert.True(await transport.ManagementCommand(new Akka.Remote.Transport.ForceDisassociate(Given.AddressOf(node))));
            while (!await IsAnsweredAsync(echo)) Assert.True(clock.Elapsed < Given.Long, "it is not answered");
        }
    }

    // Nobody tells the node that the connection ended: it ended it itself.
    [Fact]
    public async Task A_system_that_cannot_be_dialled_is_answered_again_after_its_connection_was_given_up_as_silent()
    {
        using var node = Given.System("dialled", Given.Ours("dial-only = [dialled]").WithFallback(GivenUp.Hocon));
        using var guest = Given.System(Given.Ours().WithFallback("akka.remote.retry-gate-closed-for = 50ms"));
        var echo = await Reach(guest, node);
        var courier = guest.ActorOf(Props.Create(() => new Courier(echo)));
        guest.EventStream.Subscribe(courier, typeof(Akka.Event.DeadLetter));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("first", await courier.Ask<string>("first", Given.Long));
            var ended = guest.ActorOf(Props.Create<Ended>());
            guest.EventStream.Subscribe(ended, typeof(Akka.Remote.DisassociatedEvent));
            GivenUp.IsNow = true;
            await ended.Ask("tell me", Given.Long);
            GivenUp.IsNow = false;
            // What certainly was not sent is sent again; what was sent is answered.
            Assert.Equal("second", await courier.Ask<string>("second", Given.Long));
        }
    }

    private static async Task<bool> IsAnsweredAsync(IActorRef echo)
    {
        try
        {
            return await echo.Ask<int>(7, TimeSpan.FromMilliseconds(200)) == 7;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    private static async Task<IActorRef> Reach(ActorSystem asker, ActorSystem echoer)
    {
        echoer.ActorOf(Props.Create<Echo>(), "echo");
        var selection = asker.ActorSelection($"{Given.AddressOf(echoer)}/user/echo");
        while (true)
        {
            try
            {
                return await selection.ResolveOne(TimeSpan.FromSeconds(3));
            }
            catch (ActorNotFoundException) when (!asker.WhenTerminated.IsCompleted)
            {
                // The gate of an earlier failure may still be shut.
            }
        }
    }

    private Config Of(Kind kind, Security security, string more = "")
    {
        var tcp = security == Security.None ? more : $"{certificate.Hocon(mutual: security == Security.MutualTls)}\n{more}";
        return kind == Kind.Ours ? Given.Ours(tcp) : Given.Stock(tcp);
    }

    /// <summary>Tells when a connection has ended.</summary>
    private sealed class Ended : ReceiveActor
    {
        private IActorRef _asker = ActorRefs.Nobody;
        private bool _isEnded;

        public Ended()
        {
            Receive<Akka.Remote.DisassociatedEvent>(_ =>
            {
                _isEnded = true;
                _asker.Tell("ended");
            });
            Receive<string>(_ =>
            {
                _asker = Sender;
                if (_isEnded) _asker.Tell("ended");
            });
        }
    }

    /// <summary>Sends a text until it does not come back as a dead letter, and passes on the answer.</summary>
    private sealed class Courier : ReceiveActor
    {
        private IActorRef _asker = ActorRefs.Nobody;

        public Courier(IActorRef to)
        {
            Receive<string>(text =>
            {
                if (_asker.IsNobody())
                {
                    _asker = Sender;
                    to.Tell(text);
                    return;
                }
                _asker.Tell(text);
                _asker = ActorRefs.Nobody;
            });
            Receive<Akka.Event.DeadLetter>(unsent => unsent.Message is string && unsent.Sender.Equals(Self), unsent => to.Tell(unsent.Message));
        }
    }

    /// <summary>Counts the events that it receives.</summary>
    private sealed class Lost : ReceiveActor
    {
        private int _count;

        public Lost()
        {
            Receive<Akka.Remote.DisassociatedEvent>(_ => _count++);
            Receive<string>(_ => Sender.Tell(_count));
        }
    }
}
