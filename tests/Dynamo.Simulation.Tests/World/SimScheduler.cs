using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Timers on the world's virtual time; the wall clock may be skewed, the monotonic one is not.</summary>
public sealed class SimScheduler : SchedulerBase
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SimProcess _process;

    public SimScheduler(Config config, ILoggingAdapter log)
        : base(config, log) => _process = SimWorld.ProcessOf(config);

    public override TimeSpan MonotonicClock => _process.World.Now;

    public override TimeSpan HighResMonotonicClock => _process.World.Now;

    protected override DateTimeOffset TimeNow => Epoch + _process.World.Now + _process.ClockSkew;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Once(delay, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Once(delay, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Once(delay, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action.Run, cancelable);

    private void Once(TimeSpan delay, Action action, ICancelable? cancelable) => _process.World.At(delay, _process, () =>
    {
        if (cancelable is not { IsCancellationRequested: true }) action();
    });

    private void Repeatedly(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => _process.World.At(delay, _process, () =>
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        action();
        Repeatedly(interval, interval, action, cancelable);
    });
}
