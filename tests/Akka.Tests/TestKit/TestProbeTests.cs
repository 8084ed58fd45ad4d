using Akka.Actor;
using Akka.TestKit;

namespace Akka.Tests.Kit;

public class TestProbeTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_probe_receives_sends_and_replies()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe("named"));
        a.Send(b, "question");
        b.ExpectMsg("question", Long);
        Assert.Equal(a.Ref, b.Sender);
        b.Reply("answer");
        a.ExpectMsgFrom(b.Ref, "answer", Long);
        Assert.StartsWith("named", b.Ref.Path.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_forwards_with_the_first_sender()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe());
        a.Ref.Tell("x", TestActor);
        a.ExpectMsg("x", Long);
        a.Forward(b);
        b.ExpectMsg("x", Long);
        b.Reply("y");
        ExpectMsg("y", Long);
    }

    [Fact]
    public void What_a_test_with_a_probe_tells_still_comes_from_the_test_actor()
    {
        var probe = CreateTestProbe();
        probe.Tell("x");
        probe.ExpectMsg("x", Long);
        Assert.Equal(TestActor, probe.LastSender);
    }

    [Fact]
    public void A_pilot_answers_until_it_steps_down()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re {message}", probe.Ref);
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        foreach (var message in new[] { "first", "last", "none" }) probe.Tell(message);
        ExpectMsg("re first", Long);
        ExpectMsg("re last", Long);
        Assert.Equal(["first", "last", "none"], probe.ReceiveN(3, Long));
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task A_probe_is_asked()
    {
        var probe = CreateTestProbe();
        var answer = probe.Ask<string>("question", Long);
        await probe.ExpectMsgAsync("question", Long);
        probe.Reply("answer");
        Assert.Equal("answer", await answer);
    }

    [Fact]
    public void A_probe_is_watched()
    {
        var probe = CreateTestProbe();
        Watch(probe.Ref);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe.Ref, Long);
    }
}
