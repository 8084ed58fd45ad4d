namespace Dynamo.Core.FailureDetection;

/// <summary>
/// A clock that stops while its owner does. The owner says when it will wake next; if it wakes much later (stopped, starved of CPU, or behind
/// with its mailbox), the delay is its own and does not count as anyone's silence.
/// </summary>
/// <param name="slackMs">Delays up to this count as ordinary time.</param>
public sealed class AwakeClock(long startMs, long slackMs)
{
    private long _dueMs = startMs;
    private long _lostMs;

    /// <summary>Time lost since the last <see cref="TakeLateMs"/>.</summary>
    private long _lateMs;

    /// <param name="nowMs">Monotonic.</param>
    /// <returns>Milliseconds awake; never decreases.</returns>
    public long Read(long nowMs)
    {
        var late = nowMs - _dueMs;
        if (late > slackMs)
        {
            _lostMs += late;
            _lateMs += late;
            _dueMs = nowMs;
        }
        return nowMs - _lostMs;
    }

    /// <summary>The owner is awake now, and will be again by <paramref name="dueMs"/>.</summary>
    public void WakeBy(long nowMs, long dueMs)
    {
        Read(nowMs);
        _dueMs = dueMs;
    }

    public long TakeLateMs()
    {
        var late = _lateMs;
        _lateMs = 0;
        return late;
    }
}
