using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>What the tests of random runs have in common. More seeds: DYNAMO_SEEDS=1000; one seed again: DYNAMO_SEED=17.</summary>
public abstract class Judging(ITestOutputHelper output)
{
    protected ITestOutputHelper Output { get; } = output;

    protected IReadOnlyList<SimulationRun> Judged(int seeds, Scenario scenario)
    {
        var runs = new List<SimulationRun>();
        foreach (var seed in Simulation.Seeds(seeds))
        {
            runs.Add(Simulation.Run(seed, scenario));
            Output.WriteLine(runs[^1].ToString());
        }
        var broken = runs.Where(r => r.Faults.Count > 0).Select(r => $"seed {r.Seed}: {string.Join("; ", r.Faults)}").ToArray();
        Assert.True(broken.Length == 0, string.Join('\n', broken));
        return runs;
    }
}
