using System.Diagnostics;
using Akka.Actor;

namespace Akka.Bench;

internal static class Warmup
{
    public static TimeSpan Of(TimeSpan measured) => TimeSpan.FromSeconds(Math.Clamp(measured.TotalSeconds / 2, 1, 3));
}

/// <summary>What actors count by themselves.</summary>
internal static class Counting
{
    public static async Task<BenchResult> Run(string name, Counter[] counters, TimeSpan time, Process? peer)
    {
        await Task.Delay(Warmup.Of(time));
        var before = counters.Sum(counter => counter.Value);
        var meter = new Meter(peer);
        await Task.Delay(time);
        var operations = counters.Sum(counter => counter.Value) - before;
        return meter.Read(name, operations, null);
    }
}

/// <summary>Loops that ask, and ask again when the answer is there.</summary>
internal static class Asking
{
    public static async Task<BenchResult> Run(string name, IActorRef echo, object question, int inFlight, TimeSpan time, TimeSpan timeout, Process? peer)
    {
        var latency = new Histogram();
        long done = 0;
        var stop = false;

        async Task Loop()
        {
            await Task.Yield();
            while (!Volatile.Read(ref stop))
            {
                var started = Stopwatch.GetTimestamp();
                await echo.Ask<object>(question, timeout);
                latency.Add(Stopwatch.GetTimestamp() - started);
                Interlocked.Increment(ref done);
            }
        }

        var loops = Enumerable.Range(0, inFlight).Select(_ => Loop()).ToArray();
        await Task.Delay(Warmup.Of(time));
        latency.Clear();
        var before = Interlocked.Read(ref done);
        var meter = new Meter(peer);
        await Task.Delay(time);
        var result = meter.Read(name, Interlocked.Read(ref done) - before, latency);
        Volatile.Write(ref stop, true);
        await Task.WhenAll(loops);
        return result;
    }
}
