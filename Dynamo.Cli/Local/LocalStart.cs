using System.Net;
using System.Net.Sockets;
using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Cli.Local;

/// <summary>What `dynamo up` is asked for.</summary>
internal sealed record UpRequest(int? Nodes, int? Port, string? Engine);

/// <summary>Brings a local cluster up: a new one, or those nodes of the folder's cluster that are not running, with their data.</summary>
internal static class LocalStart
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <exception cref="UsageException">It cannot be as asked.</exception>
    /// <exception cref="FailedException">A node does not start; none is left running.</exception>
    public static async Task<LocalCluster> RunAsync(ClusterFolder folder, UpRequest asked, CancellationToken cancellation)
    {
        var cluster = Plan(folder, asked);
        var missing = cluster.Nodes.Where(n => !NodeProcesses.IsRunning(n)).ToArray();
        foreach (var node in missing) CheckPort(node);
        folder.Save(cluster);
        foreach (var node in missing)
            await File.WriteAllTextAsync(folder.ConfigOf(node.Name), NodeConfigFile.Text(cluster, node, folder.DataOf(node.Name)), cancellation);

        var started = new List<LocalNode>();
        try
        {
            foreach (var node in missing)
            {
                started.Add(NodeProcesses.Start(folder, node));
                cluster = cluster with { Nodes = [.. cluster.Nodes.Select(n => n.Name == node.Name ? started[^1] : n)] };
                folder.Save(cluster);
            }
            await UntilAgreedAsync(folder, cluster, cancellation);
            return cluster;
        }
        catch
        {
            await NodeProcesses.StopAsync(started);
            folder.Save(cluster with { Nodes = [.. cluster.Nodes.Select(n => started.Contains(n) ? n with { ProcessId = 0, StartedAt = 0 } : n)] });
            throw;
        }
    }

    private static LocalCluster Plan(ClusterFolder folder, UpRequest asked)
    {
        if (folder.Load() is not { } known) return New(asked);
        var running = known.Nodes.Where(NodeProcesses.IsRunning).ToArray();
        if (running.Length == known.Nodes.Count)
            throw new UsageException($"the cluster in {folder.Path} is running: 'dynamo down --dir {folder.Path}' stops it");
        if (running.Length > 0 && asked.Port is not null)
            throw new UsageException($"the cluster in {folder.Path} is partly running: leave --port out to start the other nodes again");
        if (asked.Nodes is { } nodes && nodes != known.Nodes.Count)
            throw new UsageException($"the cluster in {folder.Path} has {known.Nodes.Count} nodes, not {nodes}: leave --nodes out, or name another folder with --dir");
        if (asked.Engine is { } engine && engine != known.Engine)
            throw new UsageException($"the cluster in {folder.Path} keeps its data in {known.Engine}, not {engine}: leave --engine out, or name another folder with --dir");
        return asked.Port is { } port ? known with { Nodes = [.. known.Nodes.Select((n, i) => n with { Address = $"127.0.0.1:{port + i}" })] } : known;
    }

    private static LocalCluster New(UpRequest asked)
    {
        var (nodes, port) = (asked.Nodes ?? 5, asked.Port ?? 7100);
        if (nodes is < 1 or > 50) throw new UsageException($"--nodes {nodes} is not from 1 to 50");
        if (port < 1 || port + nodes - 1 > 65535) throw new UsageException($"--port {port} with {nodes} nodes is not from 1 to {65536 - nodes}");
        return new LocalCluster("local", asked.Engine ?? "sqlite", [.. Enumerable.Range(0, nodes).Select(i => new LocalNode($"n{i + 1}", $"127.0.0.1:{port + i}", 0, 0))]);
    }

    private static void CheckPort(LocalNode node)
    {
        var address = NodeAddress.Parse(node.Address);
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, address.Port));
        }
        catch (SocketException)
        {
            throw new FailedException($"port {address.Port}, for node {node.Name}, is in use: choose other ports with --port");
        }
    }

    private static async Task UntilAgreedAsync(ClusterFolder folder, LocalCluster cluster, CancellationToken cancellation)
    {
        await using var admin = DynamoAdmin.Open();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadyLimit);
        while (!await IsAgreedAsync(admin, cluster))
        {
            foreach (var node in cluster.Nodes)
                if (!NodeProcesses.IsRunning(node))
                    throw new FailedException($"node {node.Name} died while starting: {NodeProcesses.LastWords(folder, node.Name)}");
            try
            {
                await Task.Delay(Between, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new FailedException($"the nodes did not agree on the ring within {ReadyLimit.TotalSeconds}s: see their logs in {folder.Path}");
            }
        }
    }

    private static async Task<bool> IsAgreedAsync(DynamoAdmin admin, LocalCluster cluster)
    {
        var statuses = await StatusesAsync(admin, cluster, TimeSpan.FromSeconds(1));
        return statuses.All(s => s is { RingEpoch: > 0, Unreachable.IsEmpty: true } && s.StateHash == statuses[0]!.StateHash && s.Members == cluster.Nodes.Count);
    }

    /// <summary>Each node's own word; null for one that does not answer.</summary>
    public static async Task<NodeStatus?[]> StatusesAsync(DynamoAdmin admin, LocalCluster cluster, TimeSpan timeout)
    {
        return await Task.WhenAll(cluster.Nodes.Select(AskAsync));

        async Task<NodeStatus?> AskAsync(LocalNode node)
        {
            try
            {
                return await admin.StatusAsync(NodeAddress.Parse(node.Address), timeout);
            }
            catch (DynamoUnavailableException)
            {
                return null;
            }
        }
    }
}
