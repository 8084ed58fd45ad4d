using System.CommandLine;
using Dynamo.Cli.Local;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Spectre.Console;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo up`: a cluster of host processes on this machine.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan ViewInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var nodes = CommandLine.Number("--nodes", "Nodes of a new cluster, 1 to 50. Default 5.");
        var port = CommandLine.Number("--port", "The first node's port on 127.0.0.1; the others follow. Default 7100.");
        var httpPort = CommandLine.Number("--http-port", "The first node's HTTP port on 127.0.0.1; the others follow. Default: 8100, or 1000 above --port, and those that are free from there on.");
        var engine = new Option<string?>("--engine") { Description = "Storage engine of a new cluster: sqlite (default, durable) or memory." };
        engine.AcceptOnlyFromAmong("sqlite", "memory");
        var add = CommandLine.Number("--add", "Start this many more nodes for the cluster in --dir; 'dynamo admin join' stages their join.");
        var set = new Option<string[]>("--set")
        {
            Description = "KEY=VALUE: a setting for all nodes, such as dynamo.limits.value-bytes=8MiB; repeatable. It is kept in the folder's cluster.json "
                + "for later starts, and a node's own NAME.conf overrides it. All settings: hocon/reference.conf.",
        };
        var unset = new Option<string[]>("--unset") { Description = "KEY: forget a setting that --set gave; repeatable." };
        var detach = CommandLine.Flag("--detach", "Return and leave the cluster running; 'dynamo down' stops it.", "-d");
        var dir = CommandLine.Dir();
        var command = new Command("up", "Starts a cluster on this machine, or the stopped nodes of the one in --dir, with their data.") { nodes, port, httpPort, engine, add, set, unset, detach, dir };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = new ClusterFolder(parsed.GetValue(dir)!);
            var asked = new UpRequest(
                parsed.GetValue(nodes), parsed.GetValue(port), parsed.GetValue(httpPort), parsed.GetValue(engine), parsed.GetValue(add),
                [.. (parsed.GetValue(set) ?? []).Select(GivenSetting.Parse)],
                [.. (parsed.GetValue(unset) ?? []).Select(key => GivenSetting.CheckedKey("--unset", key))]);
            var known = folder.Load()?.Nodes.Count ?? 0;
            var starting = LocalStart.Admin();
            var cluster = await LocalStart.RunAsync(folder, asked, starting, cancellation);
            // Not disposed: an orderly shutdown would only delay the exit.
            var admin = starting.Value;
            Tables.Print(await TableAsync(admin, cluster));
            if (asked.Add is not null)
            {
                Console.Out.WriteLine($"To join them: dynamo admin join {string.Join(' ', cluster.Nodes.Skip(known).Select(n => n.Address))}, then dynamo admin plan, dynamo admin commit.");
                if (cluster.Nodes.Take(known).Any(NodeProcesses.IsRunning)) return ExitCodes.Done;
            }
            if (parsed.GetValue(detach))
            {
                Console.Out.WriteLine($"The cluster runs in the background. Try 'dynamo put cart:1 apple'; 'dynamo down' stops it. Logs and data: {folder.Path}");
                return ExitCodes.Done;
            }
            await WatchAsync(admin, folder, cluster, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Table> TableAsync(DynamoAdmin admin, LocalCluster cluster)
    {
        var statuses = await LocalStart.StatusesAsync(admin, cluster.Present, ViewInterval);
        RingInfo? ring = null;
        for (var i = 0; i < statuses.Length && ring is not { Epoch: > 0 }; i++)
            if (statuses[i] is not null) ring = await admin.RingAsync(NodeAddress.Parse(cluster.Present[i].Address), ViewInterval);
        return ClusterTable.Of(cluster, statuses, ring);
    }

    // Runs in the foreground until Ctrl-C. A node that dies shows in the table; the others keep running.
    private static async Task WatchAsync(DynamoAdmin admin, ClusterFolder folder, LocalCluster cluster, CancellationToken cancellation)
    {
        Console.Out.WriteLine("Ctrl-C stops the cluster.");
        try
        {
            if (Console.IsOutputRedirected) await Task.Delay(Timeout.Infinite, cancellation);
            await AnsiConsole.Live(new Table()).AutoClear(true).StartAsync(async live =>
            {
                while (true)
                {
                    live.UpdateTarget(await TableAsync(admin, cluster));
                    live.Refresh();
                    await Task.Delay(ViewInterval, cancellation);
                }
            });
        }
        catch (OperationCanceledException)
        {
            await DownCommand.StopAsync(folder, cluster);
        }
    }
}
