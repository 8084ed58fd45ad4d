using System.Diagnostics;
using System.Numerics;

namespace Akka.Bench;

/// <summary>Times in buckets that are at most 1/32 wide, from a nanosecond to minutes. For many threads.</summary>
internal sealed class Histogram
{
    private const int SubBits = 5;

    private readonly long[] _counts = new long[(64 - SubBits) << SubBits];

    public void Add(long stopwatchTicks)
    {
        var nanos = (ulong)Stopwatch.GetElapsedTime(0, stopwatchTicks).Ticks * 100;
        Interlocked.Increment(ref _counts[BucketOf(nanos)]);
    }

    /// <summary>Microseconds that the given share of the times did not exceed.</summary>
    public double MicrosAt(double share)
    {
        var left = (long)Math.Ceiling(_counts.Sum() * share);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
                return LeastOf(bucket) / 1000.0;
        }
        return double.NaN;
    }

    public void Clear() => Array.Clear(_counts);

    private static int BucketOf(ulong nanos)
    {
        var exponent = Math.Max(0, 63 - BitOperations.LeadingZeroCount(nanos | 1) - SubBits);
        return (exponent << SubBits) + (int)(nanos >> exponent);
    }

    private static double LeastOf(int bucket)
    {
        var exponent = Math.Max(0, (bucket >> SubBits) - 1);
        return (double)(bucket - (exponent << SubBits)) * (1L << exponent);
    }
}
