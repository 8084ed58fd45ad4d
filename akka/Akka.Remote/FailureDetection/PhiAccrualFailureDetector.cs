using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// The detector of "The φ Accrual Failure Detector" (Hayashibara et al., 2004): φ = -log10(P(a heartbeat comes later than this)),
/// from the mean and deviation of the last intervals. The resource is unavailable when φ reaches the threshold.
/// </summary>
public class PhiAccrualFailureDetector : FailureDetector
{
    private readonly Lock _gate = new();
    private readonly double _threshold;
    private readonly double _minStdDeviationMillis;
    private readonly double _acceptablePauseMillis;
    private readonly EventStream? _eventStream;
    private readonly Clock _clock;
    private readonly IntervalHistory _history;
    private long? _lastMillis;

    /// <param name="threshold">φ at which the resource is unavailable; 8 to 12 are usual.</param>
    /// <param name="maxSampleSize">How many intervals the estimate remembers.</param>
    /// <param name="minStdDeviation">Floor of the deviation: without it a very regular sender would be distrusted at once.</param>
    /// <param name="acceptableHeartbeatPause">How long a silence is forgiven (a collection, a slow disk).</param>
    /// <param name="firstHeartbeatEstimate">What the history starts from.</param>
    /// <param name="clock">Milliseconds, monotonic.</param>
    public PhiAccrualFailureDetector(double threshold, int maxSampleSize, TimeSpan minStdDeviation,
        TimeSpan acceptableHeartbeatPause, TimeSpan firstHeartbeatEstimate, Clock? clock = null)
    {
        Require(threshold > 0, nameof(threshold), "failure-detector.threshold must be > 0");
        Require(maxSampleSize > 0, nameof(maxSampleSize), "failure-detector.max-sample-size must be > 0");
        Require(minStdDeviation > TimeSpan.Zero, nameof(minStdDeviation), "failure-detector.min-std-deviation must be > 0");
        Require(acceptableHeartbeatPause >= TimeSpan.Zero, nameof(acceptableHeartbeatPause), "failure-detector.acceptable-heartbeat-pause must be >= 0");
        Require(firstHeartbeatEstimate > TimeSpan.Zero, nameof(firstHeartbeatEstimate), "failure-detector.heartbeat-interval must be > 0");
        _threshold = threshold;
        _minStdDeviationMillis = minStdDeviation.TotalMilliseconds;
        _acceptablePauseMillis = acceptableHeartbeatPause.TotalMilliseconds;
        _clock = clock ?? DefaultClock;
        _history = IntervalHistory.StartingFrom(firstHeartbeatEstimate.TotalMilliseconds, maxSampleSize);
    }

    /// <summary>
    /// Reads <c>threshold</c>, <c>max-sample-size</c>, <c>min-std-deviation</c>, <c>acceptable-heartbeat-pause</c> and <c>heartbeat-interval</c>.
    /// </summary>
    public PhiAccrualFailureDetector(Config config, EventStream ev)
        : this(config, ev, DefaultClock)
    {
    }

    internal PhiAccrualFailureDetector(Config config, EventStream ev, Clock clock)
        : this(config.GetDouble("threshold", 0), config.GetInt("max-sample-size", 0),
            config.GetTimeSpan("min-std-deviation", null, true),
            config.GetTimeSpan("acceptable-heartbeat-pause", null, true),
            config.GetTimeSpan("heartbeat-interval", null, true), clock) =>
        _eventStream = ev;

    /// <summary>Whom this detector watches, for its log lines.</summary>
    public string Address { get; set; } = "N/A";

    public override bool IsAvailable
    {
        get
        {
            lock (_gate)
                return PhiAt(_clock()) < _threshold;
        }
    }

    public override bool IsMonitoring
    {
        get
        {
            lock (_gate)
                return _lastMillis is not null;
        }
    }

    internal double Phi
    {
        get
        {
            lock (_gate)
                return PhiAt(_clock());
        }
    }

    public override void HeartBeat()
    {
        double? late = null;
        lock (_gate)
        {
            var now = _clock();
            if (_lastMillis is { } last)
            {
                var interval = now - last;
                // A silence that was long enough for suspicion is an outage, not a sample of how regular the sender is.
                if (PhiAt(now) < _threshold)
                {
                    _history.Add(interval);
                    if (_acceptablePauseMillis > 0 && interval >= _acceptablePauseMillis / 3 * 2)
                        late = interval;
                }
            }
            _lastMillis = now;
        }
        if (late is { } gap)
            _eventStream?.Publish(new Warning(ToString()!, GetType(), $"heartbeat interval is growing too large for address {Address}: {gap} millis"));
    }

    private double PhiAt(long nowMillis) => _lastMillis is { } last
        ? PhiOf(nowMillis - last, _history.Mean + _acceptablePauseMillis, Math.Max(_history.StdDeviation, _minStdDeviationMillis))
        : 0.0;

    // The tail of the normal distribution by a logistic approximation that stays precise where erfc underflows.
    private static double PhiOf(double elapsedMillis, double mean, double stdDeviation)
    {
        var y = (elapsedMillis - mean) / stdDeviation;
        var e = Math.Exp(-y * (1.5976 + 0.070566 * y * y));
        return elapsedMillis > mean ? -Math.Log10(e / (1.0 + e)) : -Math.Log10(1.0 - 1.0 / (1.0 + e));
    }

    private static void Require(bool holds, string parameter, string what)
    {
        if (!holds)
            throw new ArgumentException(what, parameter);
    }

    private sealed class IntervalHistory(int capacity)
    {
        private readonly double[] _ring = new double[capacity];
        private int _count;
        private int _next;
        private double _sum;
        private double _squares;

        public double Mean => _sum / _count;

        public double StdDeviation => Math.Sqrt(Math.Max(0, _squares / _count - Mean * Mean));

        // Two samples around the estimate give it a deviation of a quarter of itself.
        public static IntervalHistory StartingFrom(double estimateMillis, int capacity)
        {
            var history = new IntervalHistory(capacity);
            history.Add(estimateMillis - estimateMillis / 4);
            history.Add(estimateMillis + estimateMillis / 4);
            return history;
        }

        public void Add(double interval)
        {
            if (_count == _ring.Length)
            {
                var oldest = _ring[_next];
                _sum -= oldest;
                _squares -= oldest * oldest;
            }
            else
            {
                _count++;
            }
            _ring[_next] = interval;
            _next = (_next + 1) % _ring.Length;
            _sum += interval;
            _squares += interval * interval;
        }
    }
}
