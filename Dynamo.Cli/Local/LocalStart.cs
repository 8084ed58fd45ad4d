using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Local;

/// <summary>The options of `dynamo up`.</summary>
/// <param name="Add">Number of nodes to add; they wait until an operator joins them.</param>
/// <param name="Set">Settings for all nodes, kept for later starts.</param>
/// <param name="Unset">Keys of such settings to forget.</param>
internal sealed record UpRequest(
    int? Nodes, int? Port, int? HttpPort, string? Engine, int? Add, IReadOnlyList<(string Key, string Value)> Set, IReadOnlyList<string> Unset)
{
    public bool ChangesSettings => Set.Count + Unset.Count > 0;
}

/// <summary>Starts a local cluster: a new one, or the stopped nodes of the folder's cluster with their data.</summary>
internal static class LocalStart
{
    public const int MaxNodes = 50;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    // A request to a node that does not listen yet is lost, so it is retried soon, but less often on a slow machine.
    private static readonly TimeSpan FirstAskLimit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>An administrator for starting nodes: opened only once they run, and quick to retry a node that was not listening yet.</summary>
    public static Lazy<DynamoAdmin> Admin() => new(() => DynamoAdmin.Open(new DynamoClientOptions { AkkaConfig = "akka.remote.retry-gate-closed-for = 100ms" }));

    /// <exception cref="UsageException">The request is invalid.</exception>
    /// <exception cref="FailedException">A node does not start; the nodes started here are stopped again.</exception>
    public static async Task<LocalCluster> RunAsync(ClusterFolder folder, UpRequest asked, Lazy<DynamoAdmin> admin, CancellationToken cancellation)
    {
        // The lock makes the folder, and nothing is written for a request that is refused.
        var planned = Plan(folder, asked);
        if (asked.ChangesSettings) await NodeFiles.CheckGivenAsync(folder, planned, cancellation);
        using var _ = folder.Lock();
        var cluster = Plan(folder, asked);
        var running = cluster.Present.Where(NodeProcesses.IsRunning).ToArray();
        // Adding nodes to a running cluster leaves stopped ones alone: a lost node may be the one that a new node replaces.
        var missing = (asked.Add is { } add && running.Length > 0 ? cluster.Nodes.TakeLast(add) : cluster.Present.Except(running)).ToArray();
        cluster = HttpPorts.Give(cluster, missing, asked.HttpPort);
        missing = [.. missing.Select(m => cluster.Nodes.Single(n => n.Name == m.Name))];
        foreach (var node in missing) CheckPort(node);
        await NodeFiles.CheckOwnAsync(folder, cluster, missing, cancellation);
        folder.Save(cluster);
        NodeFiles.Write(folder, cluster, missing);

        var started = new List<LocalNode>();
        try
        {
            foreach (var node in missing)
            {
                started.Add(NodeProcesses.Start(folder, node));
                cluster = cluster.With(started[^1]);
                folder.Save(cluster);
            }
            return await UntilAgreedAsync(folder, cluster, admin.Value, [.. running, .. started], cancellation);
        }
        catch
        {
            await NodeProcesses.StopAsync(started);
            folder.Save(cluster.With(started.Select(n => n with { ProcessId = 0, StartedAt = 0 })));
            throw;
        }
    }

    private static LocalCluster Plan(ClusterFolder folder, UpRequest asked)
    {
        var known = folder.Load();
        if (asked.Unset.FirstOrDefault(key => known?.GivenSettings.ContainsKey(key) != true) is { } unknown)
        {
            var there = known?.GivenSettings.Count > 0 ? $": there are {string.Join(", ", known.GivenSettings.Keys.Order())}" : "";
            throw new UsageException($"--unset {unknown}: the cluster in {folder.Path} has no such setting{there}");
        }
        return Plan(folder, known, asked).With(asked.Set, asked.Unset);
    }

    private static LocalCluster Plan(ClusterFolder folder, LocalCluster? cluster, UpRequest asked)
    {
        if (cluster is not { } known)
            return asked.Add is null ? New(asked) : throw new UsageException($"there is no cluster in {folder.Path} to add nodes to: --nodes sets how many a new one has");
        if (asked.Nodes is { } nodes && nodes != known.Present.Count)
            throw new UsageException($"the cluster in {folder.Path} has {known.Present.Count} nodes, not {nodes}: leave --nodes out, name another folder with --dir, or add nodes with --add");
        if (asked.Engine is { } engine && engine != known.Engine)
            throw new UsageException($"the cluster in {folder.Path} keeps its data in {known.Engine}, not {engine}: leave --engine out, or name another folder with --dir");
        var running = known.Present.Count(NodeProcesses.IsRunning);
        if (running > 0 && asked.ChangesSettings)
            throw new UsageException($"the cluster in {folder.Path} is running, or part of it, and a node reads its settings when it starts: run 'dynamo down --dir {folder.Path}' first");
        if (running > 0 && asked.Port is not null)
            throw new UsageException($"the cluster in {folder.Path} is running, or part of it: leave --port out");
        if (running > 0 && asked is { HttpPort: not null, Add: null })
            throw new UsageException($"the cluster in {folder.Path} is running, or part of it: leave --http-port out");
        if (asked.Add is { } add) return More(known, add);
        if (running == known.Present.Count)
            throw new UsageException($"the cluster in {folder.Path} is running: 'dynamo down --dir {folder.Path}' stops it");
        return asked.Port is { } port ? known.With(known.Present.Select((n, i) => n with { Address = $"127.0.0.1:{port + i}" })) : known;
    }

    // Names are never reused, nor are the ports of nodes that have left: they may still be running.
    private static LocalCluster More(LocalCluster known, int add)
    {
        if (add < 1 || known.Present.Count + add > MaxNodes) throw new UsageException($"--add {add} is not from 1 to {MaxNodes - known.Present.Count}");
        var port = known.Nodes.Max(n => NodeAddress.Parse(n.Address).Port) + 1;
        if (port + add - 1 > 65535) throw new UsageException($"--add {add}: there are no ports after {port - 1}");
        var more = Enumerable.Range(0, add).Select(i => new LocalNode($"n{known.Nodes.Count + i + 1}", $"127.0.0.1:{port + i}", 0, 0));
        return new LocalCluster(known.Name, known.Engine, [.. known.Nodes, .. more], known.FounderNames, known.Settings);
    }

    private static LocalCluster New(UpRequest asked)
    {
        var (nodes, port) = (asked.Nodes ?? 5, asked.Port ?? 7100);
        if (nodes is < 1 or > MaxNodes) throw new UsageException($"--nodes {nodes} is not from 1 to {MaxNodes}");
        if (port < 1 || port + nodes - 1 > 65535) throw new UsageException($"--port {port} with {nodes} nodes is not from 1 to {65536 - nodes}");
        // A unique name: nodes of two local clusters that meet at a port must not accept each other as members.
        return new LocalCluster($"local-{Random.Shared.Next(1 << 24):x6}", asked.Engine ?? "sqlite", [.. Enumerable.Range(0, nodes).Select(i => new LocalNode($"n{i + 1}", $"127.0.0.1:{port + i}", 0, 0))]);
    }

    private static void CheckPort(LocalNode node)
    {
        var port = NodeAddress.Parse(node.Address).Port;
        if (!LocalPorts.IsFree(port)) throw new FailedException($"port {port}, for node {node.Name}, is in use: choose other ports with --port");
        if (node.HttpPort is { } http && !LocalPorts.IsFree(http)) throw new FailedException($"port {http}, for HTTP of node {node.Name}, is in use: choose other ports with --http-port");
    }

    private static async Task<LocalCluster> UntilAgreedAsync(
        ClusterFolder folder, LocalCluster cluster, DynamoAdmin admin, List<LocalNode> awaited, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadyLimit);
        for (var timeout = FirstAskLimit; !await IsAgreedAsync(admin, awaited, timeout); timeout = Min(timeout * 1.25, AskLimit))
        {
            if (awaited.Find(n => !NodeProcesses.IsRunning(n)) is { } dead)
            {
                awaited.Remove(dead);
                if (!await IsGoneAsync(admin, awaited, dead))
                    throw new FailedException($"node {dead.Name} died while starting: {NodeProcesses.LastWords(folder, dead.Name)}");
                cluster = cluster.With(dead with { IsGone = true });
                folder.Save(cluster);
                continue;
            }
            try
            {
                await Task.Delay(Between, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new FailedException($"the nodes did not agree on the ring within {ReadyLimit.TotalSeconds}s: see their logs in {folder.Path}");
            }
        }
        return cluster;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static async Task<bool> IsAgreedAsync(DynamoAdmin admin, List<LocalNode> nodes, TimeSpan timeout)
    {
        var statuses = await StatusesAsync(admin, nodes, timeout);
        if (statuses.All(s => s is { RingEpoch: > 0 } && s.StateHash == statuses[0]!.StateHash && s.Members >= nodes.Count
            && !nodes.Exists(n => s.Unreachable.Contains(new NodeId(n.Name)))))
            return true;
        Introduce(admin, nodes, statuses);
        return false;
    }

    // Gossip alone needs several rounds of a second each, so nodes that differ are told to gossip at once.
    private static void Introduce(DynamoAdmin admin, List<LocalNode> nodes, NodeStatus?[] statuses)
    {
        var first = Array.FindIndex(statuses, s => s is not null);
        for (var i = first + 1; i < statuses.Length; i++)
        {
            if (statuses[i] is not { } status || status.StateHash == statuses[first]!.StateHash) continue;
            var (one, other) = (NodeAddress.Parse(nodes[first].Address), NodeAddress.Parse(nodes[i].Address));
            admin.Introduce(one, other);
            admin.Introduce(other, one);
        }
    }

    // A node that has left or was removed ends itself; the other nodes know.
    private static async Task<bool> IsGoneAsync(DynamoAdmin admin, IEnumerable<LocalNode> others, LocalNode dead)
    {
        foreach (var node in others.Where(NodeProcesses.IsRunning))
        {
            try
            {
                return (await admin.ClusterAsync(NodeAddress.Parse(node.Address), AskLimit)).Find(new NodeId(dead.Name)) is { IsGone: true };
            }
            catch (DynamoUnavailableException)
            {
                // This node has only just started; the next one may be ready.
            }
        }
        return false;
    }

    /// <summary>Gets each node's status; null for one that does not answer.</summary>
    public static Task<NodeStatus?[]> StatusesAsync(DynamoAdmin admin, IEnumerable<LocalNode> nodes, TimeSpan timeout) =>
        Task.WhenAll(nodes.Select(n => admin.TryStatusAsync(NodeAddress.Parse(n.Address), timeout)));
}
