using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>What one run was and came to.</summary>
public sealed record SimulationRun(int Seed, IReadOnlyList<string> Faults, int Acked, int Failed, int RingChanges, long Events, TimeSpan VirtualTime, ulong LogHash, string Log)
{
    public override string ToString() =>
        $"seed {Seed}: {Acked} writes acknowledged, {Failed} not, {RingChanges} ring changes, {Events} events, {VirtualTime.TotalSeconds:0} s of virtual time, log {LogHash:x16}, {Faults.Count} faults";
}

/// <summary>One run from its seed: a cluster, clients, chaos, healing, judgement.</summary>
public static class Simulation
{
    private const int Clients = 3;
    private const int RequestsPerClient = 60;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(3);

    public static SimulationRun Run(int seed, bool keepLog = false, StorageMutation mutation = StorageMutation.None, bool changesRing = false, bool resendsPuts = false)
    {
        var world = new SimWorld(seed, keepLog);
        var random = new Random(world.Random.Next());

        // Dots are used again only where one store meets one key often: few nodes, few keys, and a tail to lose.
        var isCrowded = mutation == StorageMutation.ReusesStoreId;
        var synced = random.Next(3) > 0 && !isCrowded;
        using var cluster = new SimCluster(world, new SimOptions(Nodes: isCrowded ? 3 : 5, Spares: changesRing ? 3 : 0, SyncsCommits: synced, Mutation: mutation));
        var history = new History();
        var workloads = Enumerable.Range(1, Clients)
            .Select(i => new Workload(world, cluster.Client($"c{i}", resendsPuts), history, new Random(world.Random.Next()), keys: isCrowded ? 2 : 6)).ToArray();
        var chaos = new Chaos(cluster, random, losesTailFirst: isCrowded);
        world.RunFor(TimeSpan.FromSeconds(3));

        // Two, who do not know of each other: their plans may meet.
        RingOperator[] operators = changesRing ? [.. Enumerable.Range(1, 2).Select(i => new RingOperator(cluster, chaos, $"operator{i}", new Random(world.Random.Next())))] : [];
        var operating = Task.WhenAll(operators.Select(o => o.RunAsync()));
        chaos.Begin();
        var running = workloads.Select(w => w.RunAsync(changesRing ? 3 * RequestsPerClient : RequestsPerClient)).ToArray();
        world.RunUntil(() => running.All(r => r.IsCompleted), TimeSpan.FromMinutes(20));
        foreach (var one in operators) one.IsOver = true;
        world.RunUntil(() => operating.IsCompleted, TimeSpan.FromMinutes(1));
        chaos.Heal();
        IReadOnlyList<string> faults = [.. running.Append(operating).Where(r => !r.IsCompletedSuccessfully)
            .Select(r => $"a client or the operator {(r.IsFaulted ? $"broke: {r.Exception.GetBaseException()}" : "hangs")}")];
        if (faults.Count == 0)
        {
            world.RunUntil(() => world.Events % 500 == 0 && history.Judge(cluster, mayComeBack: resendsPuts).Count == 0, SettleLimit);
            faults = history.Judge(cluster, mayComeBack: resendsPuts);
            if (faults.Count > 0) faults = [.. faults, .. Views(cluster)];
        }
        return new SimulationRun(seed, faults, history.Acked, history.Failed, operators.Sum(o => o.Commits), world.Events, world.Now, world.LogHash, world.Log);
    }

    // How the nodes saw it in the end: where to begin looking.
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
    public static IEnumerable<int> Seeds(int count)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("DYNAMO_SEED"), out var one)) return [one];
        return Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("DYNAMO_SEEDS"), out var many) ? many : count);
    }
}
