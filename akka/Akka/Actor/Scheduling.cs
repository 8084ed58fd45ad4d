using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The system's clock. Nothing in a system reads another.</summary>
public interface ITimeProvider
{
    DateTimeOffset Now { get; }

    /// <summary>Time since an arbitrary moment, that never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    TimeSpan HighResMonotonicClock { get; }
}

public interface IDateTimeOffsetNowTimeProvider : ITimeProvider
{
}

public class DateTimeOffsetNowTimeProvider : IDateTimeOffsetNowTimeProvider
{
    private static readonly long Start = Environment.TickCount64;

    private DateTimeOffsetNowTimeProvider()
    {
    }

    public static DateTimeOffsetNowTimeProvider Instance { get; } = new();

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    public TimeSpan MonotonicClock => TimeSpan.FromMilliseconds(Environment.TickCount64 - Start);

    public TimeSpan HighResMonotonicClock => System.Diagnostics.Stopwatch.GetElapsedTime(0);
}

public interface ITellScheduler
{
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender);

    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable);

    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender);

    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable);
}

public interface IRunnableScheduler
{
    void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable);

    void ScheduleOnce(TimeSpan delay, IRunnable action);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action);
}

public interface IActionScheduler : IRunnableScheduler
{
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable);

    void ScheduleOnce(TimeSpan delay, Action action);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable);

    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);
}

public interface IAdvancedScheduler : IActionScheduler
{
}

public interface IScheduler : ITellScheduler, ITimeProvider
{
    IAdvancedScheduler Advanced { get; }
}

public interface ICancelable
{
    bool IsCancellationRequested { get; }

    CancellationToken Token { get; }

    void Cancel();

    void CancelAfter(TimeSpan delay);

    void CancelAfter(int millisecondsDelay);

    void Cancel(bool throwOnFirstException);
}

public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
