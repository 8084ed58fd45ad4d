using System.Diagnostics;
using HdrHistogram;

namespace Dynamo.Bench.Load;

/// <summary>The load for all systems: a number of workers, each with one request in flight and its own keys, so no two write the same key at once.</summary>
internal sealed class ClosedLoop(ITarget target, int valueBytes)
{
    private const int FillTries = 3;
    private readonly byte[] _value = Value(valueBytes);
    private LongConcurrentHistogram _latencies = NewHistogram();
    private volatile bool _isOver;
    private long _all;
    private long _errors;
    private string? _firstError;

    public async Task<LoadResult> RunAsync(LoadOrder order)
    {
        (_isOver, _all, _errors, _firstError) = (false, 0, 0, null);
        var workers = Enumerable.Range(0, order.InFlight).Select(i => Task.Run(() => order.IsFill ? FillAsync(i, order.InFlight) : WorkAsync(order, i))).ToArray();
        if (order.IsFill)
        {
            await Task.WhenAll(workers);
            return Result(_latencies, TimeSpan.FromSeconds(1));
        }
        await Task.Delay(TimeSpan.FromSeconds(order.Settle));
        Volatile.Write(ref _latencies, NewHistogram());
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(order.Seconds));
        var measured = Interlocked.Exchange(ref _latencies, NewHistogram());
        var time = clock.Elapsed;
        _isOver = true;
        await Task.WhenAll(workers);
        return Result(measured, time);
    }

    private LoadResult Result(LongConcurrentHistogram measured, TimeSpan time) => new(
        measured.TotalCount, time.TotalSeconds, Percentile(measured, 50), Percentile(measured, 99), _all, _errors, _firstError);

    private static double Percentile(LongConcurrentHistogram measured, double percent) =>
        measured.TotalCount == 0 ? 0 : measured.GetValueAtPercentile(percent) / 1000.0;

    // A system that has just started may fail a request; a key that keeps failing ends the fill.
    private async Task FillAsync(int number, int workers)
    {
        for (var key = number; key < Keys.Count; key += workers)
        {
            var tries = 1;
            while (!await TryAsync(target.PutAsync(key, _value)))
                if (++tries > FillTries) return;
        }
    }

    private async Task WorkAsync(LoadOrder order, int number)
    {
        var random = new Random(number);
        var mine = (Keys.Count - number + order.InFlight - 1) / order.InFlight;
        while (!_isOver)
        {
            var key = number + (random.Next(mine) * order.InFlight);
            var start = Stopwatch.GetTimestamp();
            if (await TryAsync(order.Operation == Operation.Put ? target.PutAsync(key, _value) : target.GetAsync(key)))
                Volatile.Read(ref _latencies).RecordValue((long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }
    }

    private async Task<bool> TryAsync(Task request)
    {
        try
        {
            await request;
            Interlocked.Increment(ref _all);
            return true;
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref _errors);
            _firstError ??= e.Message;
            return false;
        }
    }

    // In nanoseconds, up to a minute.
    private static LongConcurrentHistogram NewHistogram() => new(1, 60_000_000_000, 3);

    private static byte[] Value(int bytes)
    {
        var value = new byte[bytes];
        new Random(1).NextBytes(value);
        return value;
    }
}
