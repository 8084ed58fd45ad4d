using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time moves only by <see cref="Advance"/>, in the thread that calls it. What recurs runs once an
/// advance, and is due again an interval after the time then reached: advance by single intervals.
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly PriorityQueue<Job, (long DueTicks, long Order)> _jobs = new();
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private DateTimeOffset _now;
    private long _order;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _now = _start;

    public DateTimeOffset Now => _now;

    public TimeSpan MonotonicClock => _now - _start;

    public TimeSpan HighResMonotonicClock => _now - _start;

    public IAdvancedScheduler Advanced => this;

    protected DateTimeOffset TimeNow => _now;

    /// <summary>Moves time on, and runs what is due by then, in the order in which it is due.</summary>
    public void Advance(TimeSpan offset)
    {
        _now += offset;
        var due = new List<Job>();
        lock (_gate)
        {
            while (_jobs.TryPeek(out _, out var next) && next.DueTicks <= _now.UtcTicks) due.Add(_jobs.Dequeue());
        }

        foreach (var job in due)
        {
            if (job.Cancelable is { IsCancellationRequested: true }) continue;
            job.Run();
            if (job.Interval is { } interval && job.Cancelable is not { IsCancellationRequested: true }) Schedule(job, interval);
        }
    }

    /// <exception cref="InvalidOperationException">The moment is in the past.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < _now) throw new InvalidOperationException($"Time cannot go back from {_now} to {when}.");
        Advance(when - _now);
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) => ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(new Job(() => receiver.Tell(message, sender), null, cancelable), delay);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(new Job(() => receiver.Tell(message, sender), interval, cancelable), initialDelay);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Schedule(new Job(action, null, cancelable), delay);

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => ScheduleOnce(delay, action.Run, null);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => ScheduleOnce(delay, action.Run, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(new Job(action, interval, cancelable), initialDelay);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) => ScheduleRepeatedly(initialDelay, interval, action.Run, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run, cancelable);

    private void Schedule(Job job, TimeSpan delay)
    {
        lock (_gate)
        {
            _jobs.Enqueue(job, ((_now + delay).UtcTicks, _order++));
        }
    }

    private sealed record Job(Action Run, TimeSpan? Interval, ICancelable? Cancelable);
}
