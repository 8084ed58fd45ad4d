using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>Real actors of whole clusters under virtual time and a seed, with all kinds of faults.</summary>
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
    public void With_two_primaries_per_request_each_get_shows_earlier_acknowledged_writes() => Judged(30, "strict");

    [Fact]
    public void With_resent_puts_nothing_acknowledged_is_lost_and_fewer_fail()
    {
        var failed = Judged(20, "resends-puts").Sum(r => r.Failed);
        var failedOtherwise = Runs(20, "usual").Sum(r => r.Failed);
        Output.WriteLine($"{failed} writes failed, {failedOtherwise} without resending");
        Assert.True(failed < failedOtherwise, $"{failed} writes failed, {failedOtherwise} without resending");
    }

    [Fact]
    public void In_a_last_write_wins_bucket_replicas_agree_on_an_acknowledged_write() => Judged(30, "clock-bucket");
}
