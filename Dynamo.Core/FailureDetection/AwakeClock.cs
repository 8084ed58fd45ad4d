namespace Dynamo.Core.FailureDetection;

/// <summary>
/// A clock that stands still while its owner does. The owner says when it means to wake next; when it wakes much later (stopped, starved of
/// CPU, or behind with its mailbox), the delay is its own and is not counted as anyone's silence.
/// </summary>
/// <param name="slackMs">A delay up to this is time like any other.</param>
public sealed class AwakeClock(long startMs, long slackMs)
{
    private long _dueMs = startMs;
    private long _lostMs;

    /// <summary>What was slept through since <see cref="TakeLateMs"/> was last called.</summary>
    private long _lateMs;

    /// <param name="nowMs">Monotonic.</param>
    /// <returns>Milliseconds awake; never falls.</returns>
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

    /// <summary>The owner is awake and will be again by the time given.</summary>
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
