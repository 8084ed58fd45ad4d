using Akka.Event;
using Dynamo.Actors.Shared;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Shared;

public sealed class PeerFailuresTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly PeerFailures _failures;

    public PeerFailuresTests()
    {
        Sys.EventStream.SetLogLevel(LogLevel.InfoLevel);
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        Sys.EventStream.Subscribe(TestActor, typeof(Info));
        _failures = new PeerFailures(Sys.Log, "the hand-over of hints for");
    }

    [Fact]
    public void A_failure_is_logged_when_it_begins_once_a_minute_and_when_it_ends()
    {
        Succeed(0);
        foreach (var seconds in new[] { 0, 1, 59.9, 60, 61 }) Fail(seconds);
        ExpectLine<Warning>("the hand-over of hints for node n2 failed: no answer. It is tried again");
        ExpectLine<Warning>("the hand-over of hints for node n2 failed 3 times: no answer. It is tried again");
        Succeed(62);
        Succeed(63);
        ExpectLine<Info>("the hand-over of hints for node n2 succeeds again");

        // It begins and ends again within the minute.
        Fail(64);
        Succeed(65);
        Fail(120);
        ExpectLine<Warning>("the hand-over of hints for node n2 failed: no answer.");
        Assert.False(HasMessages);
    }

    [Fact]
    public void Each_node_has_its_own_minute()
    {
        Fail(0);
        _failures.Failed(Given.N3, "two\nlines", TimeSpan.FromSeconds(1));
        ExpectLine<Warning>("the hand-over of hints for node n2 failed: no answer.");
        ExpectLine<Warning>("the hand-over of hints for node n3 failed: two lines.");
        Succeed(2);
        ExpectLine<Info>("the hand-over of hints for node n2 succeeds again");
        Assert.False(HasMessages);
    }

    private void Fail(double seconds) => _failures.Failed(Given.N2, "no answer", TimeSpan.FromSeconds(seconds));

    private void Succeed(double seconds) => _failures.Succeeded(Given.N2, TimeSpan.FromSeconds(seconds));

    private void ExpectLine<T>(string text)
        where T : LogEvent => Assert.StartsWith(text, ExpectMsg<T>(Given.Long).Message.ToString(), StringComparison.Ordinal);
}
