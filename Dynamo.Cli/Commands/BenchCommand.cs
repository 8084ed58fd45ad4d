using System.CommandLine;
using Dynamo.Cli.Bench;
using Dynamo.Cli.Local;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Spectre.Console;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo bench`: measures a running cluster, or one that it starts for the run.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var kind = new Argument<BenchKind>("kind") { Description = "put, get, or mix (half and half)." };
        var keys = Number("--keys", 10_000, 1, 10_000_000, "Number of keys.");
        var size = Number("--value-size", 100, 0, 8 << 20, "Bytes of a value.");
        var clients = Number("--clients", 1, 1, 100, "Client instances, each with its own connections.");
        var inFlight = Number("--in-flight", 64, 1, 100_000, "Requests in flight.");
        var seconds = Number("--seconds", 10, 1, 86_400, "Seconds to measure.");
        var warmup = Number("--warm-up", 3, 0, 3600, "Seconds before measuring begins.");
        var start = CommandLine.Number("--start", "Start a cluster of this many nodes; afterwards stop it and remove its data.");
        var engine = new Option<string?>("--engine") { Description = "With --start: sqlite (default) or memory." };
        engine.AcceptOnlyFromAmong("sqlite", "memory");
        var run = new Option<string?>("--prefix") { Description = "Prefix of the keys. Default: unique to this run." };
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("bench", "Measures puts and gets: rate, latency, CPU of nodes and client.")
        {
            kind, keys, size, clients, inFlight, seconds, warmup, start, engine, run,
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var plan = new BenchPlan(
                parsed.GetValue(kind), parsed.GetValue(keys), parsed.GetValue(size), parsed.GetValue(clients), parsed.GetValue(inFlight),
                TimeSpan.FromSeconds(parsed.GetValue(warmup)), TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            var prefix = parsed.GetValue(run) ?? $"bench-{Guid.NewGuid():n}"[..14];
            var result = parsed.GetValue(start) is { } nodes
                ? await OnOwnClusterAsync(nodes, parsed.GetValue(engine), contacts => MeasureAsync(plan, prefix, contacts, cancellation), cancellation)
                : await MeasureAsync(plan, prefix, await cluster.ContactsAsync(parsed, cancellation), cancellation);
            if (cluster.IsJson(parsed)) PrintJson(result);
            else PrintTable(result);
            return result.Operations > 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static Option<int> Number(string name, int usual, int min, int max, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} {min} to {max}, default {usual}.", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < min || value > max))
                result.AddError($"{name} {value} is not from {min} to {max}.");
        });
        return option;
    }

    private static async Task<BenchResult> MeasureAsync(BenchPlan plan, string prefix, IReadOnlyList<NodeAddress> contacts, CancellationToken cancellation)
    {
        var clients = new List<DynamoClient>();
        try
        {
            for (var i = 0; i < plan.Clients; i++) clients.Add(await DynamoClient.ConnectAsync(new DynamoClientOptions { Contacts = [.. contacts] }, cancellation));
            var load = new Load(plan, clients, prefix);
            if (plan.Kind != BenchKind.Put) await load.FillAsync();
            using var over = new CancellationTokenSource();
            var progress = ProgressAsync(load, over.Token);
            var result = await load.MeasureAsync(await ProcessesAsync(contacts), cancellation);
            await over.CancelAsync();
            await progress;
            return result;
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    // On standard error, so that the result can be piped.
    private static async Task ProgressAsync(Load load, CancellationToken over)
    {
        if (Console.IsErrorRedirected) return;
        var (last, second) = (0L, 0);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                var done = load.Done;
                await Console.Error.WriteAsync($"\r{++second,4} s  {done - last,9:n0} operations/s ");
                last = done;
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteAsync("\r                                  \r");
        }
    }

    private static async Task<IReadOnlyList<int>> ProcessesAsync(IReadOnlyList<NodeAddress> contacts)
    {
        if (contacts.Any(c => c.Host is not ("127.0.0.1" or "localhost"))) return [];
        await using var admin = DynamoAdmin.Open();
        var cluster = await admin.ClusterAsync(contacts[0], TimeSpan.FromSeconds(3));
        var statuses = await Task.WhenAll(cluster.Members.Select(m => admin.TryStatusAsync(m.Address, TimeSpan.FromSeconds(3))));
        // Without one of them the sum would be meaningless.
        return Array.Exists(statuses, s => s is null) ? [] : [.. statuses.Select(s => s!.ProcessId)];
    }

    private static async Task<BenchResult> OnOwnClusterAsync(
        int nodes, string? engine, Func<IReadOnlyList<NodeAddress>, Task<BenchResult>> measure, CancellationToken cancellation)
    {
        if (nodes is < 1 or > LocalStart.MaxNodes) throw new UsageException($"--start {nodes} is not from 1 to {LocalStart.MaxNodes}");
        var folder = new ClusterFolder(Path.Combine(Path.GetTempPath(), $"dynamo-bench-{Guid.NewGuid():n}"));
        var admin = LocalStart.Admin();
        var asked = new UpRequest(nodes, LocalPorts.FirstOf(nodes), HttpPort: null, engine, Add: null, Set: [], Unset: []);
        var cluster = await LocalStart.RunAsync(folder, asked, admin, cancellation);
        // The timers of its actor system would count as the client's CPU time.
        await admin.Value.DisposeAsync();
        try
        {
            return await measure([.. cluster.Nodes.Select(n => NodeAddress.Parse(n.Address))]);
        }
        finally
        {
            await NodeProcesses.StopAsync(cluster.Nodes);
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    private static void PrintTable(BenchResult r)
    {
        Console.Out.WriteLine($"{r.Plan.Kind.ToString().ToLowerInvariant()}: {r.Plan.Keys:n0} keys, {r.Plan.ValueBytes} B values, {r.Plan.InFlight} in flight from {r.Plan.Clients} clients, {r.Plan.Duration.TotalSeconds:0} s");
        var table = Tables.New(("operations/s", true), ("p50", true), ("p99", true), ("p99.9", true), ("max", true), ("errors", true), ("CPU/op nodes", true), ("CPU/op client", true));
        table.AddRow($"{r.OpsPerSecond:n0}", $"{r.P50Ms:0.00} ms", $"{r.P99Ms:0.00} ms", $"{r.P999Ms:0.00} ms", $"{r.MaxMs:0.0} ms", r.Errors.ToString(), r.NodeCpuUs is { } nodes ? $"{nodes:0.0} µs" : "-", $"{r.ClientCpuUs:0.0} µs");
        Tables.Print(table);
        if (r.FirstError is not null) Console.Out.WriteLine($"the first error: {r.FirstError}");
    }

    private static void PrintJson(BenchResult r) => JsonLine.Print(json =>
    {
        json.WriteString("kind", r.Plan.Kind.ToString().ToLowerInvariant());
        json.WriteNumber("keys", r.Plan.Keys);
        json.WriteNumber("valueBytes", r.Plan.ValueBytes);
        json.WriteNumber("clients", r.Plan.Clients);
        json.WriteNumber("inFlight", r.Plan.InFlight);
        json.WriteNumber("seconds", r.Plan.Duration.TotalSeconds);
        json.WriteNumber("operationsPerSecond", Math.Round(r.OpsPerSecond, 1));
        json.WriteNumber("p50Ms", Math.Round(r.P50Ms, 3));
        json.WriteNumber("p99Ms", Math.Round(r.P99Ms, 3));
        json.WriteNumber("p999Ms", Math.Round(r.P999Ms, 3));
        json.WriteNumber("maxMs", Math.Round(r.MaxMs, 3));
        json.WriteNumber("errors", r.Errors);
        if (r.NodeCpuUs is { } nodes) json.WriteNumber("nodeCpuUsPerOperation", Math.Round(nodes, 1));
        json.WriteNumber("clientCpuUsPerOperation", Math.Round(r.ClientCpuUs, 1));
    });
}
