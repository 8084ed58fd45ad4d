using System.Diagnostics;

namespace Dynamo.Bench.Processes;

/// <summary>Cumulative resource use of processes; subtract two readings to get the use between them.</summary>
/// <param name="Frames">Frames sent by nodes and client; null when one of them does not count frames.</param>
internal sealed record Counters(
    TimeSpan NodeCpu, TimeSpan ClientCpu, IReadOnlyDictionary<string, long> Switches, IReadOnlyDictionary<string, Traffic>? Sockets, long? Frames,
    TimeSpan MachineCpu, TimeSpan Time)
{
    private const double TicksPerSecond = 100;

    public static async Task<Counters> ReadAsync(IReadOnlyList<int> nodes, int client, FrameFolder frames)
    {
        int[] all = [.. nodes, client];
        var sockets = await SocketTable.ReadAsync([.. all]);
        return new Counters(
            nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + CpuOf(node)), CpuOf(client), SwitchesOf(all), sockets, frames.SentBy(all),
            MachineBusy(), Stopwatch.GetElapsedTime(0));
    }

    /// <exception cref="BenchException">The process has ended.</exception>
    public static TimeSpan CpuOf(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new BenchException($"the process {processId} ended during the run");
        }
    }

    /// <summary>Sums the growth since the earlier reading. New entries count in full, missing ones not at all.</summary>
    public static long Growth(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        after.Sum(now => now.Value - before.GetValueOrDefault(now.Key));

    // Voluntary and involuntary switches of each thread.
    private static Dictionary<string, long> SwitchesOf(IEnumerable<int> processes)
    {
        var switches = new Dictionary<string, long>();
        foreach (var process in processes)
        {
            var tasks = $"/proc/{process}/task";
            if (!Directory.Exists(tasks)) continue;
            foreach (var task in Directory.EnumerateDirectories(tasks))
            {
                try
                {
                    switches[task] = File.ReadLines(Path.Combine(task, "status")).Where(line => line.Contains("ctxt_switches")).Sum(line => long.Parse(line.AsSpan(line.IndexOf(':') + 1)));
                }
                catch (IOException)
                {
                    // The thread has ended.
                }
            }
        }
        return switches;
    }

    // user, nice, system, idle, iowait, irq, softirq, steal
    private static TimeSpan MachineBusy()
    {
        if (!File.Exists("/proc/stat")) return TimeSpan.Zero;
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
        return TimeSpan.FromSeconds((ticks.Take(8).Sum() - ticks[3] - ticks[4]) / TicksPerSecond);
    }
}
