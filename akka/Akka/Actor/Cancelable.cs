namespace Akka.Actor;

/// <summary>Something that can be called off, as timers are; <see cref="CancelAfter(TimeSpan)"/> runs on the scheduler it is given.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private static readonly ICancelable AlreadyCanceled = CreateAlreadyCanceled();

    private readonly IActionScheduler? _scheduler;
    private readonly CancellationTokenSource _source;
    private bool _isDisposed;

    public Cancelable(IActionScheduler scheduler)
        : this(scheduler, new CancellationTokenSource())
    {
    }

    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler.Advanced, delay)
    {
    }

    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler.Advanced, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    private Cancelable(IActionScheduler? scheduler, CancellationTokenSource source)
    {
        _scheduler = scheduler;
        _source = source;
    }

    public bool IsCancellationRequested => _source.IsCancellationRequested;

    public CancellationToken Token => _source.Token;

    public bool IsDisposed => _isDisposed;

    public static ICancelable CreateCanceled() => AlreadyCanceled;

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler.Advanced, cancelables);

    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler, [.. cancelables.Select(cancelable => cancelable.Token)]);

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        CreateLinkedCancelable(scheduler.Advanced, cancellationTokens);

    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        new Cancelable(scheduler, CancellationTokenSource.CreateLinkedTokenSource(cancellationTokens));

    public void Cancel() => Cancel(throwOnFirstException: false);

    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _source.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (_scheduler is null)
            throw new InvalidOperationException("This cancelable is canceled already");
        _scheduler.ScheduleOnce(delay, () =>
        {
            if (!_isDisposed)
                Cancel();
        });
    }

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_isDisposed || !disposing)
            return;
        _isDisposed = true;
        _source.Dispose();
    }

    private static Cancelable CreateAlreadyCanceled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return new Cancelable(null, source);
    }
}

/// <summary>The runtime's own handle on a timer: no token unless somebody asks for it.</summary>
internal sealed class TimerHandle : ICancelable
{
    private volatile bool _canceled;

    public bool IsCancellationRequested => _canceled;

    public CancellationToken Token => new(_canceled);

    public void Cancel() => _canceled = true;

    public void Cancel(bool throwOnFirstException) => _canceled = true;

    public void CancelAfter(TimeSpan delay) => throw new NotSupportedException("A timer's handle is canceled at once or not at all");

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));
}
