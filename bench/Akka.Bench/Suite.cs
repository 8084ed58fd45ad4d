using System.Diagnostics;

namespace Akka.Bench;

/// <param name="Name">As <c>--only</c> takes it.</param>
/// <param name="Run">Measures for the given time, after a warm-up of its own.</param>
internal sealed record Benchmark(string Name, Func<TimeSpan, Task<BenchResult>> Run);

/// <param name="Name">The benchmark's.</param>
/// <param name="Operations">How many were done in the measured time; a message told, a message of a ping-pong, or an ask with its answer.</param>
/// <param name="Elapsed">The measured time.</param>
/// <param name="Cpu">Of all processes that took part.</param>
/// <param name="Latency">Of single operations, where they are timed.</param>
internal sealed record BenchResult(string Name, long Operations, TimeSpan Elapsed, TimeSpan Cpu, Histogram? Latency)
{
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double CpuMicrosPerOperation => Cpu.TotalMicroseconds / Operations;
}

internal static class Suite
{
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new("socket-echo-1", time => SocketFloor.Run("socket-echo-1", 1, time)),
        new("socket-echo-64", time => SocketFloor.Run("socket-echo-64", 64, time)),
        new("socket-echo-512", time => SocketFloor.Run("socket-echo-512", 512, time)),
        new("remote-ask-1", time => RemoteBench.Ask("remote-ask-1", 1, time)),
        new("remote-ask-64", time => RemoteBench.Ask("remote-ask-64", 64, time)),
        new("remote-ask-512", time => RemoteBench.Ask("remote-ask-512", 512, time)),
        new("remote-tell-4", time => RemoteBench.Tell("remote-tell-4", 4, time)),
        new("remote-pingpong-10x50", time => RemoteBench.PingPong("remote-pingpong-10x50", 10, 50, time)),
        new("local-pingpong-1x1", time => LocalBench.PingPong("local-pingpong-1x1", 1, 1, time)),
        new("local-pingpong-8x50", time => LocalBench.PingPong("local-pingpong-8x50", 8, 50, time)),
        new("local-ask-1", time => LocalBench.Ask("local-ask-1", 1, time)),
        new("local-ask-64", time => LocalBench.Ask("local-ask-64", 64, time)),
    ];
}

/// <summary>Counts and times between two moments, over this process and, if there is one, its peer.</summary>
internal sealed class Meter(Process? peer)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _cpu = CpuNow(peer);

    public BenchResult Read(string name, long operations, Histogram? latency) => new(name, operations, _clock.Elapsed, CpuNow(peer) - _cpu, latency);

    private static TimeSpan CpuNow(Process? peer)
    {
        peer?.Refresh();
        return Environment.CpuUsage.TotalTime + (peer?.TotalProcessorTime ?? TimeSpan.Zero);
    }
}
