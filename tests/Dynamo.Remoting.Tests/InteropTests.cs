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
