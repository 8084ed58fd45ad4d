using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;

namespace Akka.Tests.Kit;

public class TestSchedulerTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public TestSchedulerTests()
        : base(TestConfigs.TestSchedulerConfig)
    {
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void What_is_scheduled_comes_when_time_is_moved_to_it()
    {
        Time.ScheduleTellOnce(TimeSpan.FromHours(2), TestActor, "two", ActorRefs.NoSender);
        Time.ScheduleTellOnce(TimeSpan.FromHours(1), TestActor, "one", ActorRefs.NoSender);
        Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.False(HasMessages);
        Time.Advance(TimeSpan.FromTicks(1));
        ExpectMsg("one", Long);
        Assert.False(HasMessages);
        Time.AdvanceTo(Time.Now + TimeSpan.FromHours(1));
        ExpectMsg("two", Long);
    }

    [Fact]
    public void What_recurs_comes_once_an_advance_until_it_is_cancelled()
    {
        var cancelable = new Cancelable(Sys.Scheduler);
        Time.ScheduleTellRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TestActor, "tick", ActorRefs.NoSender, cancelable);
        Time.Advance(TimeSpan.FromSeconds(5));
        ExpectMsg("tick", Long);
        Assert.False(HasMessages);
        Time.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("tick", Long);
        cancelable.Cancel();
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(HasMessages);
    }

    [Fact]
    public void An_actor_s_timers_and_receive_timeout_run_on_it()
    {
        var actor = ActorOf(Props.Create(() => new Timed(TestActor)));
        ExpectMsg("ready", Long);
        Time.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("timer", Long);
        Sys.Stop(actor);
    }

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        private readonly IActorRef _report;

        public Timed(IActorRef report)
        {
            _report = report;
            Receive<string>(m => report.Tell(m));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            Timers.StartSingleTimer("key", "timer", TimeSpan.FromMinutes(1));
            _report.Tell("ready");
        }
    }
}
