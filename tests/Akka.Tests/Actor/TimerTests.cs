using Akka.Actor;

namespace Akka.Tests.Actor;

public sealed class TimerTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private sealed class Clock : UntypedActor, IWithTimers
    {
        private readonly IActorRef _report;

        public Clock(IActorRef report) => _report = report;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Action<ITimerScheduler> act:
                    act(Timers);
                    break;
                case Func<ITimerScheduler, object> ask:
                    _report.Tell(ask(Timers));
                    break;
                case Exception e:
                    throw e;
                default:
                    _report.Tell(message);
                    break;
            }
        }
    }

    private readonly Recorder _recorder;
    private readonly IActorRef _clock;

    public TimerTests()
    {
        _recorder = Record();
        var report = _recorder.Ref;
        _clock = Sys.ActorOf(Props.Create(() => new Clock(report)));
    }

    private void Act(Action<ITimerScheduler> act) => _clock.Tell(act);

    private void Report(Func<ITimerScheduler, object> ask) => _clock.Tell(ask);

    [Fact]
    public async Task A_single_timer_fires_once_and_is_no_longer_active()
    {
        Act(timers => timers.StartSingleTimer("key", "fired", Soon));
        Report(timers => timers.IsTimerActive("key"));
        await _recorder.Expect(true, "fired");
        Report(timers => timers.IsTimerActive("key"));
        await _recorder.Expect(false);
    }

    [Fact]
    public async Task A_periodic_timer_fires_until_it_is_canceled()
    {
        Act(timers => timers.StartPeriodicTimer("key", "tick", TimeSpan.Zero, Soon));
        await _recorder.Expect("tick", "tick", "tick");
        Act(timers => timers.Cancel("key"));
        Report(timers => timers.ActiveTimers.Count);
        object next;
        while ((next = await _recorder.Next()) is "tick")
        {
        }

        Assert.Equal(0, next);
        Act(timers => timers.StartSingleTimer("other", "after", Soon * 5));
        await _recorder.Expect("after");
    }

    [Fact]
    public async Task A_canceled_or_replaced_timer_delivers_nothing_not_even_what_is_in_the_mailbox()
    {
        using var fired = new SemaphoreSlim(0);
        Act(timers =>
        {
            timers.StartSingleTimer("canceled", "canceled", TimeSpan.Zero);
            timers.StartSingleTimer("replaced", "old", TimeSpan.Zero);
            Sys.Scheduler.Advanced.ScheduleOnce(Soon * 3, () => fired.Release());
            // Both messages are in the mailbox when this turn goes on.
            Assert.True(fired.Wait(Deadline));
            timers.Cancel("canceled");
            timers.StartSingleTimer("replaced", "new", TimeSpan.Zero);
        });
        await _recorder.Expect("new");
        await _recorder.ExpectNothing();
    }

    [Fact]
    public async Task Timers_end_with_a_restart()
    {
        Act(timers => timers.StartPeriodicTimer("key", "tick", TimeSpan.Zero, Soon));
        await _recorder.Expect("tick");
        _clock.Tell(new InvalidOperationException("boom"));
        Report(timers => timers.ActiveTimers.Count);
        object next;
        while ((next = await _recorder.Next()) is "tick")
        {
        }

        Assert.Equal(0, next);
        Act(timers => timers.StartSingleTimer("other", "after", Soon * 5));
        await _recorder.Expect("after");
    }

    private sealed class Idle(IActorRef report) : UntypedActor
    {
        protected override void PreStart() => SetReceiveTimeout(Soon);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ReceiveTimeout:
                    report.Tell("idle");
                    break;
                case "off":
                    SetReceiveTimeout(null);
                    report.Tell(Context.ReceiveTimeout is null);
                    break;
                default:
                    SetReceiveTimeout(TimeSpan.FromMinutes(10));
                    report.Tell(message);
                    break;
            }
        }
    }

    [Fact]
    public async Task A_receive_timeout_comes_again_and_again_until_it_is_changed()
    {
        var report = _recorder.Ref;
        var idle = Sys.ActorOf(Props.Create(() => new Idle(report)));
        await _recorder.Expect("idle", "idle");
        idle.Tell("change");
        object next;
        while ((next = await _recorder.Next()) is "idle")
        {
        }

        Assert.Equal("change", next);
        idle.Tell("off");
        await _recorder.Expect(true);
    }

    [Fact]
    public async Task The_scheduler_tells_and_runs_once_repeatedly_and_not_when_canceled()
    {
        var scheduler = Sys.Scheduler;
        scheduler.ScheduleTellOnce(TimeSpan.Zero, _recorder.Ref, "once", ActorRefs.NoSender);
        await _recorder.Expect("once");

        var repeated = scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, Soon, _recorder.Ref, "again", ActorRefs.NoSender);
        await _recorder.Expect("again", "again");
        repeated.Cancel();

        var canceled = scheduler.Advanced.ScheduleOnceCancelable(Soon, () => _recorder.Ref.Tell("canceled"));
        canceled.Cancel();
        scheduler.Advanced.ScheduleOnce(Soon * 5, () => _recorder.Ref.Tell("later"));
        object next;
        while ((next = await _recorder.Next()) is "again")
        {
        }

        Assert.Equal("later", next);
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(-1), () => { }));
    }
}
