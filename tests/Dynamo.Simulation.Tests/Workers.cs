using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Dynamo.Simulation.Tests;

/// <summary>
/// Processes of this program that run seeds for another one: each line of input names a run, each line of output is its result. They end with
/// the process that started them.
/// </summary>
internal static class Workers
{
    /// <summary>The word that makes the program a worker.</summary>
    public const string Word = "worker";

    private static readonly int Count = Environment.ProcessorCount;
    private static readonly SemaphoreSlim Free = new(Count);
    private static readonly ConcurrentBag<Process> Idle = [];

    public static IReadOnlyList<SimulationRun> Run(string scenario, IReadOnlyList<int> seeds)
    {
        var runs = new ConcurrentBag<SimulationRun>();
        // One at a time: some runs take ten times as long as others.
        var partitions = Partitioner.Create(seeds, EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(partitions, new ParallelOptions { MaxDegreeOfParallelism = Count }, seed => runs.Add(Run(scenario, seed)));
        return [.. runs];
    }

    private static SimulationRun Run(string scenario, int seed)
    {
        Free.Wait();
        try
        {
            var worker = Idle.TryTake(out var idle) ? idle : Start();
            var run = Ask(worker, scenario, seed);
            Idle.Add(worker);
            return run;
        }
        finally
        {
            Free.Release();
        }
    }

    internal static SimulationRun Ask(Process worker, string scenario, int seed)
    {
        worker.StandardInput.WriteLine($"{scenario} {seed}");
        var answer = worker.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{scenario} {seed}: the process that ran it is gone");
        return JsonSerializer.Deserialize<SimulationRun>(answer)!;
    }

    /// <summary>The worker's side: runs until its input ends, as it does with the process that writes it.</summary>
    public static void Serve()
    {
        var asked = new BlockingCollection<string>();
        new Thread(() =>
        {
            foreach (var line in asked.GetConsumingEnumerable())
            {
                var words = line.Split(' ');
                Console.WriteLine(JsonSerializer.Serialize(Simulation.Run(int.Parse(words[1]), Scenario.Named(words[0]))));
            }
        })
        { IsBackground = true }.Start();
        while (Console.ReadLine() is { } line) asked.Add(line);
    }

    // Recompiling hot code from its profile pays off over thousands of runs, not over the few of an ordinary test (see the project file).
    internal static Process Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in new[] { typeof(Workers).Assembly.Location, Word }) start.ArgumentList.Add(word);
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        start.Environment["DOTNET_TieredCompilation"] = "1";
        // 64 MiB: a world's messages die young, and fewer collections promote fewer of them. Measured: 5 to 9 % less CPU.
        start.Environment["DOTNET_GCgen0size"] = "0x4000000";
        return Process.Start(start)!;
    }
}
