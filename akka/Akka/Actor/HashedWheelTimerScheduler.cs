using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The default scheduler: timers in buckets by the tick they are due, run by one thread, which sleeps while there are none.
/// A timer that is called off leaves its bucket at once.
/// </summary>
public sealed partial class HashedWheelTimerScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private readonly Bucket[] _wheel;
    private readonly long _ticksPerStep;
    private readonly TimeSpan _shutdownTimeout;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _startLock = new();
    private readonly ManualResetEventSlim _hasTimers = new(false);
    private readonly CancellationTokenSource _stopped = new();
    private Thread? _thread;
    private long _timers;

    /// <summary>The steps up to this one have been run.</summary>
    private long _step;

    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        if (scheduler.IsNullOrEmpty())
            throw ConfigurationException.NullOrEmptyConfig<HashedWheelTimerScheduler>();
        var buckets = scheduler.GetInt("akka.scheduler.ticks-per-wheel", 512);
        if (buckets is < 1 or > 1 << 30)
            throw new ConfigurationException($"akka.scheduler.ticks-per-wheel must be from 1 to 2^30, but is {buckets}");
        _ticksPerStep = scheduler.GetTimeSpan("akka.scheduler.tick-duration", TimeSpan.FromMilliseconds(10)).Ticks;
        if (_ticksPerStep < TimeSpan.TicksPerMillisecond)
            throw new ConfigurationException("akka.scheduler.tick-duration must be at least 1ms");
        _shutdownTimeout = scheduler.GetTimeSpan("akka.scheduler.shutdown-timeout", TimeSpan.FromSeconds(5));
        _wheel = new Bucket[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)buckets)];
        for (var i = 0; i < _wheel.Length; i++)
            _wheel[i] = new Bucket();
    }

    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_start);

    public override TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(_start);

    protected override DateTimeOffset TimeNow => DateTimeOffset.UtcNow;

    /// <summary>Stops the thread; timers that are not due yet never run, except that a stop is awaited for the shutdown timeout.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_startLock)
        {
            if (_stopped.IsCancellationRequested)
                return;
            _stopped.Cancel();
            thread = _thread;
        }

        if (thread is not null && thread != Thread.CurrentThread && !thread.Join(_shutdownTimeout))
            LoggingExtensions.Warning(Log, "The scheduler's thread has not stopped within {0}", _shutdownTimeout);
    }

    internal Timer StartTimer(TimeSpan delay, TimeSpan interval, IRunnable work, ICancelable? cancelable)
    {
        var timer = new Timer(this, work, cancelable, interval.Ticks);
        if (cancelable is not { IsCancellationRequested: true })
            Add(timer, MonotonicClock.Ticks + delay.Ticks);
        return timer;
    }

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        StartTimer(delay, TimeSpan.Zero, new TellRunnable(receiver, message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        StartTimer(initialDelay, interval, new TellRunnable(receiver, message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        StartTimer(delay, TimeSpan.Zero, new ActionRunnable(action), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        StartTimer(delay, TimeSpan.Zero, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        StartTimer(initialDelay, interval, new ActionRunnable(action), cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        StartTimer(initialDelay, interval, action, cancelable);

    private void Add(Timer timer, long dueTicks)
    {
        if (_stopped.IsCancellationRequested)
            throw new SchedulerException("cannot enqueue after timer shutdown");
        timer.DueTicks = dueTicks;
        while (true)
        {
            // The step at whose end the timer is due; never one that has been run.
            var step = Math.Max((dueTicks + _ticksPerStep - 1) / _ticksPerStep, Volatile.Read(ref _step) + 1);
            var bucket = _wheel[step & (_wheel.Length - 1)];
            lock (bucket)
            {
                if (step <= Volatile.Read(ref _step))
                    continue;
                timer.Step = step;
                bucket.Add(timer);
            }

            break;
        }

        if (Interlocked.Increment(ref _timers) == 1)
            _hasTimers.Set();
        if (_thread is null)
            StartThread();
    }

    private void StartThread()
    {
        lock (_startLock)
        {
            if (_thread is not null || _stopped.IsCancellationRequested)
                return;
            _thread = new Thread(Run) { IsBackground = true, Name = "akka-scheduler" };
            _thread.Start();
        }
    }

    private void Run()
    {
        var due = new List<Timer>();
        try
        {
            while (!_stopped.IsCancellationRequested)
            {
                if (Interlocked.Read(ref _timers) == 0)
                {
                    AwaitTimers();
                    continue;
                }

                var next = (Volatile.Read(ref _step) + 1) * _ticksPerStep;
                var wait = next - MonotonicClock.Ticks;
                if (wait > 0)
                    _stopped.Token.WaitHandle.WaitOne(TimeSpan.FromTicks(wait + TimeSpan.TicksPerMillisecond - 1));
                else
                    RunStep(due);
                SkipMissedTurns();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed while there was nothing to do.
        }
    }

    private void AwaitTimers()
    {
        _hasTimers.Reset();
        if (Interlocked.Read(ref _timers) == 0)
            _hasTimers.Wait(_stopped.Token);
    }

    /// <summary>
    /// After idle time, or a pause of the process, one turn of the wheel visits every bucket: the steps before it
    /// need not be run one by one.
    /// </summary>
    private void SkipMissedTurns()
    {
        var present = MonotonicClock.Ticks / _ticksPerStep;
        if (present - _step > _wheel.Length)
            Volatile.Write(ref _step, present - _wheel.Length);
    }

    private void RunStep(List<Timer> due)
    {
        var step = _step + 1;
        var bucket = _wheel[step & (_wheel.Length - 1)];
        lock (bucket)
        {
            bucket.TakeDue(step, due);
            Volatile.Write(ref _step, step);
        }

        Interlocked.Add(ref _timers, -due.Count);
        foreach (var timer in due)
            Fire(timer);
        due.Clear();
    }

    private void Fire(Timer timer)
    {
        if (timer.IsCancellationRequested)
            return;
        try
        {
            timer.Work.Run();
        }
        catch (Exception e)
        {
            LoggingExtensions.Error(Log, e, "Error while executing a scheduled action");
        }

        if (timer.IntervalTicks > 0)
            Repeat(timer);
    }

    private void Repeat(Timer timer)
    {
        var now = MonotonicClock.Ticks;
        var due = timer.DueTicks + timer.IntervalTicks;
        lock (timer)
        {
            // What was missed during a pause is not made up for in a burst.
            if (!timer.IsCancellationRequested && !_stopped.IsCancellationRequested)
                Add(timer, due >= now ? due : now + timer.IntervalTicks);
        }
    }

    private void Remove(Timer timer)
    {
        var bucket = _wheel[timer.Step & (_wheel.Length - 1)];
        lock (bucket)
        {
            if (!bucket.Remove(timer))
                return;
        }

        Interlocked.Decrement(ref _timers);
    }
}
