using Akka.Actor;
using Akka.Configuration;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class InteropTests
{
    /// <summary>Says back whatever it is told.</summary>
    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    public static TheoryData<string, string> Ends => new()
    {
        { "ours", "ours" },
        { "ours", "stock" },
        { "stock", "ours" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Messages_small_and_near_the_limit_are_echoed(string asking, string echoing)
    {
        using var asker = Given.System(Of(asking));
        using var echoer = Given.System(Of(echoing));
        echoer.ActorOf(Props.Create<Echo>(), "echo");
        var echo = await asker.ActorSelection($"{Given.AddressOf(echoer)}/user/echo").ResolveOne(Given.Long);
        foreach (var size in new[] { 0, 1, 100, 65_535, 65_536, 65_537, 120_000, 127_000 })
        {
            var text = new string((char)('a' + (size % 26)), size);
            Assert.Equal(text, await echo.Ask<string>(text, Given.Long));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => echo.Ask<int>(i, Given.Long)));
        Assert.Equal(Enumerable.Range(0, 5_000), answers);
    }

    private static Config Of(string end) => end == "ours" ? Given.Ours() : Given.Stock();
}
