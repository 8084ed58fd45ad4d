using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>What one run was and came to.</summary>
public sealed record SimulationRun(int Seed, IReadOnlyList<string> Faults, int Acked, int Failed, long Events, TimeSpan VirtualTime, ulong LogHash, string Log)
{
    public override string ToString() =>
        $"seed {Seed}: {Acked} writes acknowledged, {Failed} not, {Events} events, {VirtualTime.TotalSeconds:0} s of virtual time, log {LogHash:x16}, {Faults.Count} faults";
}

/// <summary>One run from its seed: a cluster, clients, chaos, healing, judgement.</summary>
public static class Simulation
{
    private const int Clients = 3;
    private const int RequestsPerClient = 60;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(3);

    public static SimulationRun Run(int seed, bool keepLog = false, StorageMutation mutation = StorageMutation.None)
    {
        var world = new SimWorld(seed, keepLog);
        var random = new Random(world.Random.Next());

        // Dots are used again only where one store meets one key often: few nodes, few keys, and a tail to lose.
        var isCrowded = mutation == StorageMutation.ReusesStoreId;
        var synced = random.Next(3) > 0 && !isCrowded;
        using var cluster = new SimCluster(world, new SimOptions(Nodes: isCrowded ? 3 : 5, SyncsCommits: synced, Mutation: mutation));
        var history = new History();
        var workloads = Enumerable.Range(1, Clients)
            .Select(i => new Workload(world, cluster.Client($"c{i}"), history, new Random(world.Random.Next()), keys: isCrowded ? 2 : 6)).ToArray();
        var chaos = new Chaos(cluster, random, losesTailFirst: isCrowded);
        world.RunFor(TimeSpan.FromSeconds(3));

        chaos.Begin();
        var running = workloads.Select(w => w.RunAsync(RequestsPerClient)).ToArray();
        world.RunUntil(() => running.All(r => r.IsCompleted), TimeSpan.FromMinutes(20));
        chaos.Heal();
        IReadOnlyList<string> faults = running.Any(r => !r.IsCompletedSuccessfully) ? ["a client hangs or broke"] : [];
        if (faults.Count == 0)
        {
            world.RunUntil(() => world.Events % 500 == 0 && history.Judge(cluster).Count == 0, SettleLimit);
            faults = history.Judge(cluster);
        }
        return new SimulationRun(seed, faults, history.Acked, history.Failed, world.Events, world.Now, world.LogHash, world.Log);
    }

    /// <summary>Seeds 1 to the count, unless DYNAMO_SEEDS says how many or DYNAMO_SEED names one.</summary>
    public static IEnumerable<int> Seeds(int count)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("DYNAMO_SEED"), out var one)) return [one];
        return Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("DYNAMO_SEEDS"), out var many) ? many : count);
    }
}
