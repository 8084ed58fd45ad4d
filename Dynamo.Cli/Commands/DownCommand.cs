using System.CommandLine;
using Dynamo.Cli.Local;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo down`: stops a cluster that runs in the background.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var dir = CommandLine.Dir();
        var command = new Command("down", "Stops the cluster in --dir; its data stays.") { dir };
        command.SetAction(async (parsed, _) =>
        {
            var folder = new ClusterFolder(parsed.GetValue(dir)!);
            if (folder.Load() is null) throw new UsageException($"there is no cluster in {folder.Path}");
            using var mine = folder.Lock();
            var cluster = folder.Load()!;
            if (!cluster.Nodes.Any(NodeProcesses.IsRunning))
            {
                Console.Out.WriteLine($"The cluster in {folder.Path} is not running.");
                return ExitCodes.Done;
            }
            await StopAsync(folder, cluster);
            return ExitCodes.Done;
        });
        return command;
    }

    public static async Task StopAsync(ClusterFolder folder, LocalCluster cluster)
    {
        var running = cluster.Nodes.Count(NodeProcesses.IsRunning);
        var ended = await NodeProcesses.StopAsync(cluster.Nodes);
        Console.Out.WriteLine($"Stopped {running} nodes{(ended.Count > 0 ? $"; {string.Join(", ", ended)} did not stop in time and had to be killed" : "")}.");
        folder.Save(cluster.With(cluster.Nodes.Select(n => n with { ProcessId = 0, StartedAt = 0 })));
    }
}
