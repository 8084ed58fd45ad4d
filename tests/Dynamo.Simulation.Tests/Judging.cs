using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>What the tests of random runs have in common. More seeds: DYNAMO_SEEDS=1000; one seed again: DYNAMO_SEED=17.</summary>
public abstract class Judging(ITestOutputHelper output)
{
    // A seed is a run (ReplayTests): what was run for one test need not run again for another.
    private static readonly ConcurrentDictionary<(string Scenario, int Seed), SimulationRun> Known = new();

    protected ITestOutputHelper Output { get; } = output;

    protected IReadOnlyList<SimulationRun> Judged(int seeds, string scenario)
    {
        var runs = Runs(seeds, scenario);
        foreach (var run in runs) Output.WriteLine(run.ToString());
        var broken = runs.Where(r => r.Faults.Count > 0).Select(r => $"{scenario} {r.Seed}: {string.Join("; ", r.Faults)}").ToArray();
        Assert.True(broken.Length == 0, $"""
            {string.Join('\n', broken)}
            One of them again: DYNAMO_LOG=/tmp dotnet {typeof(Judging).Assembly.Location} {scenario} SEED
            """);
        return runs;
    }

    /// <summary>Here, so that a debugger sees it; where many are asked for, in as many processes as there are cores.</summary>
    protected static IReadOnlyList<SimulationRun> Runs(int seeds, string scenario)
    {
        var all = Simulation.Seeds(seeds);
        if (Simulation.Asked is null)
        {
            foreach (var seed in all) Known.GetOrAdd((scenario, seed), _ => Simulation.Run(seed, Scenario.Named(scenario)));
        }
        else
        {
            foreach (var run in Workers.Run(scenario, [.. all.Where(s => !Known.ContainsKey((scenario, s)))])) Known[(scenario, run.Seed)] = run;
        }
        return [.. all.Select(s => Known[(scenario, s)])];
    }
}
