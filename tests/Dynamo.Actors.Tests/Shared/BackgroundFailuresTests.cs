using Akka.Event;
using Dynamo.Actors.Shared;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Shared;

public sealed class BackgroundFailuresTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Each_cause_is_logged_once_until_the_work_has_succeeded()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var failures = new BackgroundFailures(Sys.Log);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(failures.Note("the scan", "the disk is full"));
            Assert.False(failures.Note("the scan", new IOException("two\nlines")));
            Assert.False(failures.Note("the hand-off", "the disk is full"));
        }
        ExpectLine("the scan failed: the disk is full. It is tried again; this is logged once");
        ExpectLine("the scan failed: two lines.");
        ExpectLine("the hand-off failed: the disk is full.");

        Assert.True(failures.Note("the scan", cause: null));
        failures.Note("the hand-off", "the disk is full");
        failures.Note("the scan", "the disk is full");
        ExpectLine("the scan failed: the disk is full.");

        // Causes that differ each time do not go on for ever.
        for (var i = 0; i < 1000; i++) failures.Note("the scan", $"{i} bytes");
        Sys.Log.Warning("the end");
        var lines = 0;
        while (ExpectMsg<Warning>(Given.Long).Message.ToString() != "the end") lines++;
        Assert.InRange(lines, 1, 100);
    }

    private void ExpectLine(string text) => Assert.StartsWith(text, ExpectMsg<Warning>(Given.Long).Message.ToString(), StringComparison.Ordinal);
}
