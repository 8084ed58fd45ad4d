using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Dynamo.Cli.Shared;

namespace Dynamo.Cli.Local;

/// <summary>Starts and stops the host processes of a local cluster.</summary>
internal static partial class NodeProcesses
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    /// <summary>Starts a node in the background: it writes to its log and ignores the terminal's signals.</summary>
    public static LocalNode Start(ClusterFolder folder, LocalNode node)
    {
        var info = new ProcessStartInfo
        {
            FileName = HostProgram(),
            ArgumentList = { "--config", folder.ConfigOf(node.Name), "--log", folder.LogOf(node.Name) },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(info) ?? throw new FailedException($"node {node.Name}: its process did not start");
            process.StandardInput.Close();
            return node with { ProcessId = process.Id, StartedAt = process.StartTime.Ticks };
        }
        catch (Win32Exception e)
        {
            throw new FailedException($"node {node.Name}: {info.FileName} does not start: {e.Message}");
        }
    }

    /// <summary>Lets the node's program check a configuration text. Includes are relative to the folder, if it exists.</summary>
    /// <returns>The node that the text makes; if it is invalid, the reason, which begins with a colon and may name line and column.</returns>
    public static async Task<(bool IsValid, string Said)> CheckAsync(string text, string folder, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo
        {
            FileName = HostProgram(),
            ArgumentList = { "--config", "-", "--check" },
            WorkingDirectory = Directory.Exists(folder) ? folder : "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(info) ?? throw new FailedException($"{info.FileName} does not start");
            var (said, refused) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellation);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? (true, (await said).Trim()) : (false, (await refused).Trim().Replace("dynamo-host: standard input", ""));
        }
        catch (Win32Exception e)
        {
            throw new FailedException($"{info.FileName} does not start: {e.Message}");
        }
    }

    public static bool IsRunning(LocalNode node)
    {
        using var process = Find(node);
        return process is not null;
    }

    /// <summary>Asks all nodes to shut down cleanly, and kills those that have not stopped within 10 s.</summary>
    /// <returns>The names of the killed nodes.</returns>
    public static async Task<IReadOnlyList<string>> StopAsync(IEnumerable<LocalNode> nodes)
    {
        var running = nodes.Select(n => (Node: n, Process: Find(n))).Where(n => n.Process is not null).ToArray();
        foreach (var (_, process) in running) Terminate(process!);
        var ended = new List<string>();
        using var limit = new CancellationTokenSource(StopLimit);
        foreach (var (node, process) in running)
        {
            using (process)
            {
                try
                {
                    await process!.WaitForExitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    process!.Kill();
                    ended.Add(node.Name);
                }
            }
        }
        return ended;
    }

    /// <summary>The last line of a dead node's log.</summary>
    public static string LastWords(ClusterFolder folder, string node)
    {
        var log = folder.LogOf(node);
        var last = File.Exists(log) ? File.ReadLines(log).LastOrDefault(l => l.Trim().Length > 0) : null;
        return last is null ? $"its log is empty (see {log})" : last.Replace("dynamo-host: ", "");
    }

    private static string HostProgram()
    {
        var name = OperatingSystem.IsWindows() ? "dynamo-host.exe" : "dynamo-host";
        var path = Path.Combine(AppContext.BaseDirectory, "host", name);
        return File.Exists(path) ? path : throw new FailedException($"the node's program is missing: {path}");
    }

    private static Process? Find(LocalNode node)
    {
        if (node.ProcessId == 0) return null;
        try
        {
            var process = Process.GetProcessById(node.ProcessId);
            // Start times are read with clock-tick precision; within a tenth of a second it is the same process.
            if (!process.HasExited && !IsZombie(process.Id) && Math.Abs(process.StartTime.Ticks - node.StartedAt) < TimeSpan.TicksPerSecond / 10) return process;
            process.Dispose();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // No such process, or it has just ended.
        }
        return null;
    }

    // A killed process whose parent is gone may stay in the process table until it is reaped.
    private static bool IsZombie(int processId)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].TrimStart().StartsWith('Z');
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) process.Kill();
        else _ = Kill(process.Id, 15);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
