using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Unavailable as soon as nothing came for one heartbeat interval and the acceptable pause.</summary>
public class DeadlineFailureDetector : FailureDetector
{
    private const long Never = long.MinValue;

    private readonly Clock _clock;
    private readonly long _deadlineMillis;
    private long _lastMillis = Never;

    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, TimeSpan heartbeatInterval, Clock? clock = null)
    {
        if (heartbeatInterval <= TimeSpan.Zero)
            throw new ArgumentException($"heartbeat interval must be > 0, was {heartbeatInterval}", nameof(heartbeatInterval));
        if (acceptableHeartbeatPause < TimeSpan.Zero)
            throw new ArgumentException($"acceptable heartbeat pause must be >= 0, was {acceptableHeartbeatPause}", nameof(acceptableHeartbeatPause));
        _clock = clock ?? DefaultClock;
        _deadlineMillis = (long)(acceptableHeartbeatPause + heartbeatInterval).TotalMilliseconds;
    }

    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, Clock? clock = null)
        : this(acceptableHeartbeatPause, TimeSpan.FromSeconds(1), clock)
    {
    }

    /// <summary>Reads <c>acceptable-heartbeat-pause</c> and <c>heartbeat-interval</c>.</summary>
    public DeadlineFailureDetector(Config config, EventStream ev)
        : this(config, DefaultClock) =>
        _ = ev;

    internal DeadlineFailureDetector(Config config, Clock clock)
        : this(config.GetTimeSpan("acceptable-heartbeat-pause", null, true),
            config.GetTimeSpan("heartbeat-interval", null, true), clock)
    {
    }

    public override bool IsAvailable
    {
        get
        {
            var last = Volatile.Read(ref _lastMillis);
            return last == Never || _clock() < last + _deadlineMillis;
        }
    }

    public override bool IsMonitoring => Volatile.Read(ref _lastMillis) != Never;

    public override void HeartBeat() => Volatile.Write(ref _lastMillis, _clock());
}
