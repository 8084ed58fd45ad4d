using System.Diagnostics;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>A seed always gives the same run: the same events in one process, in another, and whatever else runs meanwhile.</summary>
public sealed class ReplayTests
{
    [Theory]
    [InlineData("usual")]
    [InlineData("reaps")]
    [InlineData("changes-ring")]
    public void The_same_seed_gives_the_same_events_twice(string scenario)
    {
        var kept = Scenario.Named(scenario) with { KeepsLog = true };
        var (first, second) = (Simulation.Run(7, kept), Simulation.Run(7, kept));
        Assert.Equal(first.Log, second.Log);
        Assert.NotEqual(first.LogHash, Simulation.Run(8, kept).LogHash);
        Assert.True(first.Acked > 20, $"only {first.Acked} writes were acknowledged");
    }

    [Theory]
    [InlineData("usual", 3)]
    [InlineData("reaps", 4)]
    [InlineData("changes-ring", 5)]
    public void The_same_seed_gives_the_same_events_in_another_process(string scenario, int seed)
    {
        var here = Simulation.Run(seed, Scenario.Named(scenario));
        var there = OfAnotherProcess(scenario, seed);
        Assert.Equal(here.ToString(), there.Split('\n')[0].TrimEnd());
    }

    /// <summary>The guarantee of <see cref="Workers"/> to a run of many seeds.</summary>
    [Fact]
    public void The_same_seed_gives_the_same_events_in_a_worker_that_ends_with_its_input()
    {
        using var worker = Workers.Start();
        foreach (var seed in new[] { 3, 4 }) Assert.Equal(Simulation.Run(seed).ToString(), Workers.Ask(worker, "usual", seed).ToString());
        worker.StandardInput.WriteLine("changes-ring 1");
        worker.StandardInput.Close();
        Assert.True(worker.WaitForExit(TimeSpan.FromMinutes(1)), "the worker outlives its input");
    }

    [Fact]
    public void Strings_have_the_same_hashes_in_each_process()
    {
        Assert.True(StartupHook.HasRun, "the startup hook did not run: see runtimeconfig.template.json");
        Assert.Equal(Hashes, $"{"reliableEndpointWriter".GetHashCode()} {HashCode.Combine(1, 2)}");
    }

    private const string Hashes = "393286312 1476022094";

    // The same program, started like any other: only its own files decide its hashes.
    private static string OfAnotherProcess(string scenario, int seed)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { typeof(Simulation).Assembly.Location, scenario, $"{seed}" }) start.ArgumentList.Add(word);
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(5)), "the other process does not end");
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {errors.GetAwaiter().GetResult()} {output}");
        return output;
    }
}
