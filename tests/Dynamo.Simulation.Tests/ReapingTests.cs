using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>Tombstones are reaped during faults.</summary>
public sealed class ReapingTests(ITestOutputHelper output) : Judging(output)
{
    [Fact]
    public void Tombstones_are_reaped_during_and_after_faults_and_nothing_deleted_comes_back()
    {
        var runs = Judged(50, "reaps");
        var (early, late) = (runs.Sum(r => r.EarlyReaps), runs.Sum(r => r.LateReaps));
        Output.WriteLine($"{early} tombstones were reaped during faults and {late} after, in {runs.Count} runs");
        Assert.NotEqual(0, early);
        Assert.NotEqual(0, late);
    }
}
