using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>The common part of tests with random runs. More seeds: DYNAMO_SEEDS=1000; one seed again: DYNAMO_SEED=17.</summary>
public abstract class Judging(ITestOutputHelper output)
{
    // A seed always gives the same run (ReplayTests), so tests share the results.
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

    /// <summary>Runs the seeds in this process, so that a debugger sees them; many seeds run in as many processes as there are cores.</summary>
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
