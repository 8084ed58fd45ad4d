using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>The real actors of whole clusters under virtual time and a seed, with all kinds of faults.</summary>
public sealed class FaultTests(ITestOutputHelper output) : Judging(output)
{
    [Fact]
    public void After_faults_nothing_acknowledged_is_lost_and_replicas_agree()
    {
        var runs = Judged(50, "usual");
        Assert.NotEqual(0, runs.Sum(r => r.LoadedTrees));
        Output.WriteLine($"{runs.Sum(r => r.LoadedTrees)} nodes found the hash trees that they had saved");
    }

    [Fact]
    public void Where_two_primaries_answer_each_get_shows_what_was_acknowledged_before() => Judged(30, "strict");

    [Fact]
    public void Where_clients_resend_their_puts_nothing_acknowledged_is_lost_and_fewer_fail()
    {
        var failed = Judged(20, "resends-puts").Sum(r => r.Failed);
        var failedOtherwise = Runs(20, "usual").Sum(r => r.Failed);
        Output.WriteLine($"{failed} writes failed, {failedOtherwise} without resending");
        Assert.True(failed < failedOtherwise, $"{failed} writes failed, {failedOtherwise} without resending");
    }

    [Fact]
    public void Where_the_last_write_wins_replicas_agree_on_one_that_was_acknowledged() => Judged(30, "clock-bucket");
}
