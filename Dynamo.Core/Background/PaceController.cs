namespace Dynamo.Core.Background;

/// <summary>
/// Gives background work what the foreground leaves (section 6.5 of the paper): halves the share of background work when the 99th percentile of
/// foreground latency over a window is above the target, and raises it step by step when it is not.
/// </summary>
/// <param name="target">Foreground latency (p99) from which background work yields.</param>
public sealed class PaceController(TimeSpan target)
{
    /// <summary>Background work never stops: its repairs keep data safe.</summary>
    public const double MinShare = 1.0 / 8;

    private const int WindowTicks = 10;
    private const double Step = 0.1;

    // Latency classes by powers of the square root of two, from one microsecond: within 20 %, without sorting.
    private const int Classes = 64;
    private readonly Queue<int[]> _window = [];
    private int[] _now = new int[Classes];

    /// <summary>The pace since the last tick.</summary>
    public Pace Pace { get; private set; } = Pace.Full;

    public void Record(TimeSpan latency)
    {
        var us = Math.Max(1, latency.TotalMicroseconds);
        _now[Math.Min(Classes - 1, (int)(2 * Math.Log2(us)))]++;
    }

    /// <summary>Call once a second.</summary>
    /// <returns>The new pace.</returns>
    public Pace Tick()
    {
        _window.Enqueue(_now);
        if (_window.Count > WindowTicks) _window.Dequeue();
        _now = new int[Classes];
        var p99Ms = Percentile99();
        Pace = new Pace(p99Ms > target.TotalMilliseconds ? Math.Max(MinShare, Pace.Share / 2) : Math.Min(1, Pace.Share + Step), p99Ms);
        return Pace;
    }

    private double Percentile99()
    {
        var all = _window.Sum(w => (long)w.Sum());
        if (all == 0) return 0;
        var beyond = all / 100;
        for (var c = Classes - 1; c >= 0; c--)
        {
            beyond -= _window.Sum(w => w[c]);
            if (beyond < 0) return Math.Pow(2, (c + 1) / 2.0) / 1000;
        }
        return 0;
    }
}
