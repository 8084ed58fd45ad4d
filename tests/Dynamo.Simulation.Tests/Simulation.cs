using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>The result of one run.</summary>
public sealed record SimulationRun(int Seed, IReadOnlyList<string> Faults)
{
    public int Acked { get; init; }

    public int Failed { get; init; }

    public int Gets { get; init; }

    public int RingChanges { get; init; }

    /// <summary>Tombstones reaped during chaos.</summary>
    public int EarlyReaps { get; init; }

    /// <summary>Tombstones reaped after healing.</summary>
    public int LateReaps { get; init; }

    /// <summary>Nodes that loaded the hash trees they had saved at a stop.</summary>
    public int LoadedTrees { get; init; }

    public long Events { get; init; }

    public TimeSpan VirtualTime { get; init; }

    public ulong LogHash { get; init; }

    public string Log { get; init; } = "";

    public override string ToString() =>
        $"seed {Seed}: {Acked} writes acknowledged, {Failed} not, {Gets} gets, {RingChanges} ring changes, {EarlyReaps} + {LateReaps} reaps, {Events} events, "
        + $"{VirtualTime.TotalSeconds:0} s of virtual time, log {LogHash:x16}, {Faults.Count} faults";
}

/// <summary>One run from its seed: a cluster, clients, chaos, healing, judgement.</summary>
public static class Simulation
{
    private const int Clients = 3;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(3);

    public static SimulationRun Run(int seed, Scenario? scenario = null) => OwnThread.Run(() => RunHere(seed, scenario ?? Scenario.Usual));

    private static SimulationRun RunHere(int seed, Scenario scenario)
    {
        var world = new SimWorld(seed, scenario.KeepsLog) { Mutation = scenario.Wire };
        var random = new Random(world.Random.Next());
        var synced = random.Next(3) > 0 && !scenario.IsCrowded;
        using var cluster = new SimCluster(world, new SimOptions(
            Nodes: scenario.IsCrowded ? 3 : 5, Spares: scenario.ChangesRing ? 3 : 0, SyncsCommits: synced, Mutation: scenario.Storage,
            Overrides: scenario.Reaps ? Slower(random) : "")
        { Grace = scenario.Grace });
        var history = new History(scenario);
        var workloads = Enumerable.Range(1, Clients)
            .Select(i => new Workload(world, cluster.Client($"c{i}", scenario.ResendsPuts), history, new Random(world.Random.Next()), scenario)).ToArray();
        var chaos = new Chaos(cluster, random, scenario);
        world.RunFor(TimeSpan.FromSeconds(3));
        if (scenario.HasClockBucket) cluster.MakeClockBucket();

        // Two that do not know of each other, so that their plans may conflict.
        RingOperator[] operators = scenario.ChangesRing ? [.. Enumerable.Range(1, 2).Select(i => new RingOperator(cluster, chaos, $"operator{i}", new Random(world.Random.Next())))] : [];
        var operating = Task.WhenAll(operators.Select(o => o.RunAsync()));
        chaos.Begin();
        var running = workloads.Select(w => w.RunAsync(scenario.RequestsPerClient)).ToArray();
        var allRan = Task.WhenAll(running);
        world.RunUntil(() => allRan.IsCompleted, TimeSpan.FromMinutes(20));
        foreach (var one in operators) one.IsOver = true;
        world.RunUntil(() => operating.IsCompleted, TimeSpan.FromMinutes(1));
        chaos.Heal();
        var early = cluster.Reaps;
        IReadOnlyList<string> faults = [.. running.Append(operating).Where(r => !r.IsCompletedSuccessfully)
            .Select(r => $"a client or the operator {(r.IsFaulted ? $"broke: {r.Exception.GetBaseException()}" : "hangs")}")];
        if (faults.Count == 0) faults = Settle(cluster, history, scenario);
        return new SimulationRun(seed, faults)
        {
            Acked = history.Acked,
            Failed = history.Failed,
            Gets = history.Gets,
            RingChanges = operators.Sum(o => o.Commits),
            EarlyReaps = early,
            LateReaps = cluster.Reaps - early,
            LoadedTrees = cluster.Nodes.Count(n => n.HadTrees),
            Events = world.Events,
            VirtualTime = world.Now,
            LogHash = world.LogHash,
            Log = world.Log,
        };
    }

    private static IReadOnlyList<string> Settle(SimCluster cluster, History history, Scenario scenario)
    {
        var world = cluster.World;
        world.RunUntil(() => world.Events % 2000 == 0 && !history.Judge(cluster).Any(), SettleLimit);
        // Data whose tombstone was reaped too early comes back with the next exchange.
        if (scenario.Reaps) world.RunFor(TimeSpan.FromSeconds(15));
        string[] faults = [.. history.Judge(cluster)];
        return faults.Length > 0 ? [.. faults, .. Views(cluster)] : faults;
    }

    // The slower missed writes are repaired, the more depends on the reaper's own rules.
    private static string Slower(Random random) => $"dynamo {{ anti-entropy.interval = {random.Next(1, 8)}s, hints.interval = {random.Next(1, 40) * 100}ms, request.timeout = 2s }}";

    // How each node saw the cluster in the end: where to start looking.
    private static IEnumerable<string> Views(SimCluster cluster)
    {
        var admin = cluster.Admin("coroner");
        foreach (var node in cluster.Members)
        {
            var status = cluster.Run(admin.TryStatusAsync(node.Address, TimeSpan.FromSeconds(5)), TimeSpan.FromMinutes(1));
            yield return status is null ? $"[{node.Id} does not answer]"
                : $"[{node.Id}: epoch {status.RingEpoch}, believes down: {string.Join(' ', status.Unreachable)}, state {status.StateHash:x}, {status.Keys} keys]";
        }
        foreach (var node in cluster.Nodes.Where(n => n.IsGone)) yield return $"[{node.Id} is gone: {node.LastWords}]";
        var transfers = cluster.Run(admin.TransfersAsync(cluster.Members.First().Address, TimeSpan.FromSeconds(5)), TimeSpan.FromMinutes(1));
        foreach (var line in transfers.SelectMany(t => (t.Receiving ?? []).Concat(t.HandingOff ?? []).Select(r => $"[{t.Node}: {r.From} → {r.To}: {r.Waiting}]")).Distinct())
            yield return line;
    }

    /// <summary>Seeds 1 to the count, unless DYNAMO_SEEDS says how many or DYNAMO_SEED names one.</summary>
    public static IReadOnlyList<int> Seeds(int count)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("DYNAMO_SEED"), out var one)) return [one];
        return [.. Enumerable.Range(1, Asked ?? count)];
    }

    /// <summary>A share of the seeds that DYNAMO_SEEDS asks for: for tests that measure rather than search.</summary>
    public static IReadOnlyList<int> FewSeeds(int count, int oneIn = 10) => Asked is { } many ? [.. Seeds(count).Take(Math.Max(count, many / oneIn))] : Seeds(count);

    /// <summary>The number of seeds that DYNAMO_SEEDS asks for.</summary>
    public static int? Asked => int.TryParse(Environment.GetEnvironmentVariable("DYNAMO_SEEDS"), out var many) ? many : null;
}
