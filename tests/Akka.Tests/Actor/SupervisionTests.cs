using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class SupervisionTests : ActorTest
{
    /// <summary>Tells all that happens to it; fails, stops or counts as it is told.</summary>
    private sealed class Worker(IActorRef report) : UntypedActor
    {
        private int _count;

        protected override void PreStart() => report.Tell("start");

        protected override void PostStop() => report.Tell("stop");

        protected override void PreRestart(Exception reason, object message)
        {
            report.Tell($"prerestart {reason.Message} {message.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            report.Tell($"postrestart {reason.Message}");
            base.PostRestart(reason);
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Exception e:
                    throw e;
                case "count":
                    Sender.Tell(++_count);
                    break;
                case Props child:
                    Sender.Tell(Context.ActorOf(child));
                    break;
            }
        }
    }

    private sealed class Boss(SupervisorStrategy strategy, IActorRef report) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void PreRestart(Exception reason, object message)
        {
            report.Tell("boss prerestart " + reason.Message);
            base.PreRestart(reason, message);
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Props props:
                    Sender.Tell(Context.ActorOf(props));
                    break;
                case Terminated terminated:
                    report.Tell(new Died(terminated));
                    break;
                case IActorRef subject:
                    Context.Watch(subject);
                    Sender.Tell("watching");
                    break;
            }
        }
    }

    private readonly Recorder _recorder;

    public SupervisionTests() => _recorder = Record();

    private Task<IActorRef> WorkerUnder(IActorRef boss) =>
        boss.Ask<IActorRef>(Props.Create(() => new Worker(_recorder.Ref)), Deadline);

    private IActorRef BossWith(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Boss(strategy, _recorder.Ref)));

    [Fact]
    public async Task A_restart_makes_a_fresh_actor_behind_the_same_reference_and_keeps_the_mailbox()
    {
        var worker = await WorkerUnder(BossWith(new OneForOneStrategy(_ => Directive.Restart)));
        Assert.Equal(1, await worker.Ask<int>("count", Deadline));
        worker.Tell(new InvalidOperationException("boom"));
        worker.Tell("count", _recorder.Ref);
        worker.Tell("count", _recorder.Ref);
        await _recorder.Expect(
            "start", "prerestart boom InvalidOperationException", "stop", "postrestart boom", "start", 1, 2);
    }

    [Fact]
    public async Task A_resume_keeps_the_state()
    {
        var worker = await WorkerUnder(BossWith(new OneForOneStrategy(_ => Directive.Resume)));
        worker.Tell("count", _recorder.Ref);
        worker.Tell(new InvalidOperationException("boom"));
        worker.Tell("count", _recorder.Ref);
        await _recorder.Expect("start", 1, 2);
    }

    [Fact]
    public async Task A_stop_ends_the_child_and_leaves_its_messages_as_dead_letters()
    {
        var letters = Record();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var worker = await WorkerUnder(BossWith(new OneForOneStrategy(_ => Directive.Stop)));
        worker.Tell(new InvalidOperationException("boom"));
        await _recorder.Expect("start", "stop");
        worker.Tell("count");
        var letter = await letters.Expect<DeadLetter>();
        Assert.Equal(("count", worker), (letter.Message, letter.Recipient));
    }

    [Fact]
    public async Task An_escalation_fails_the_supervisor_and_its_restart_stops_the_children()
    {
        var worker = await WorkerUnder(BossWith(new OneForOneStrategy(_ => Directive.Escalate)));
        worker.Tell(new InvalidOperationException("boom"));
        await _recorder.Expect("start", "boss prerestart boom", "stop");
    }

    [Fact]
    public async Task Restarts_beyond_the_limit_stop_the_child()
    {
        var worker = await WorkerUnder(BossWith(new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart)));
        for (var i = 1; i <= 3; i++)
            worker.Tell(new InvalidOperationException("boom" + i));
        await _recorder.Expect("start");
        for (var i = 1; i <= 2; i++)
            await _recorder.Expect($"prerestart boom{i} InvalidOperationException", "stop", $"postrestart boom{i}", "start");
        await _recorder.Expect("stop");
    }

    [Fact]
    public async Task All_for_one_restarts_the_siblings_too()
    {
        var boss = BossWith(new AllForOneStrategy(_ => Directive.Restart));
        var first = await WorkerUnder(boss);
        var second = await WorkerUnder(boss);
        await _recorder.Expect("start", "start");
        Assert.Equal(1, await second.Ask<int>("count", Deadline));
        first.Tell(new InvalidOperationException("boom"));
        var seen = new List<object>();
        while (seen.Count(each => each is "start") < 2)
            seen.Add(await _recorder.Next());
        Assert.Equal(2, seen.Count(each => each is "postrestart boom"));
        Assert.Equal(1, await second.Ask<int>("count", Deadline));
    }

    [Fact]
    public async Task The_default_strategy_restarts_for_exceptions_and_stops_what_was_killed()
    {
        var worker = await WorkerUnder(Sys.ActorOf(Props.Create(() => new Worker(Sys.DeadLetters))));
        await _recorder.Expect("start");
        worker.Tell(new InvalidOperationException("boom"));
        await _recorder.Expect("prerestart boom InvalidOperationException", "stop", "postrestart boom", "start");
        worker.Tell(Kill.Instance);
        await _recorder.Expect("stop");
    }

    private sealed class Unborn : UntypedActor
    {
        private readonly IActorRef _report;

        public Unborn(IActorRef report, bool inConstructor)
        {
            _report = report;
            if (inConstructor)
                throw new InvalidOperationException("no birth");
        }

        protected override void PreStart() => throw new InvalidOperationException("no start");

        protected override void PostStop() => _report.Tell("stop");

        protected override void OnReceive(object message)
        {
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_actor_that_fails_to_start_is_stopped(bool inConstructor)
    {
        var causes = new List<Exception>();
        var boss = BossWith(new OneForOneStrategy(e =>
        {
            causes.Add(e);
            return SupervisorStrategy.DefaultDecider.Decide(e);
        }));
        var report = _recorder.Ref;
        var unborn = await boss.Ask<IActorRef>(Props.Create(() => new Unborn(report, inConstructor)), Deadline);
        await boss.Ask<string>(unborn, Deadline);
        Assert.Equal(unborn, (await _recorder.Expect<Died>()).Terminated.ActorRef);
        Assert.IsType<ActorInitializationException>(Assert.Single(causes));
        await _recorder.ExpectNothing();
    }

    private sealed class Flaky(int[] attempts, IActorRef report) : UntypedActor
    {
        protected override void PreStart()
        {
            if (++attempts[0] < 3)
                throw new InvalidOperationException("attempt " + attempts[0]);
            report.Tell("started at attempt " + attempts[0]);
        }

        protected override void OnReceive(object message) => report.Tell(message);
    }

    [Fact]
    public async Task An_actor_that_failed_to_start_can_be_started_again_by_a_restart()
    {
        var attempts = new int[1];
        var report = _recorder.Ref;
        var flaky = await BossWith(new OneForOneStrategy(_ => Directive.Restart))
            .Ask<IActorRef>(Props.Create(() => new Flaky(attempts, report)), Deadline);
        flaky.Tell("kept");
        await _recorder.Expect("started at attempt 3", "kept");
    }

    [Fact]
    public async Task A_failure_of_the_parent_suspends_its_children_until_it_is_decided()
    {
        var report = _recorder.Ref;
        var parent = await BossWith(new OneForOneStrategy(_ => Directive.Resume))
            .Ask<IActorRef>(Props.Create(() => new Worker(report)), Deadline);
        var child = await parent.Ask<IActorRef>(Props.Create(() => new Worker(report)), Deadline);
        Assert.Equal(1, await child.Ask<int>("count", Deadline));
        parent.Tell(new InvalidOperationException("boom"));
        parent.Tell("count", report);
        await _recorder.Expect("start", "start", 1);
        child.Tell("count", report);
        await _recorder.Expect(2);
    }

    [Fact]
    public async Task A_strategy_of_the_props_goes_before_the_actors_own()
    {
        var report = _recorder.Ref;
        var stopping = new OneForOneStrategy(_ => Directive.Stop);
        var boss = Sys.ActorOf(Props.Create(() => new Boss(new OneForOneStrategy(_ => Directive.Resume), report)).WithSupervisorStrategy(stopping));
        var worker = await WorkerUnder(boss);
        worker.Tell(new InvalidOperationException("boom"));
        await _recorder.Expect("start", "stop");
    }

    [Fact]
    public void The_decider_takes_the_first_type_that_fits()
    {
        var decider = Decider.From(
            Directive.Escalate,
            Directive.Stop.When<ArgumentNullException>(),
            Directive.Resume.When<ArgumentException>());
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentNullException()));
        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentOutOfRangeException()));
        Assert.Equal(Directive.Escalate, decider.Decide(new InvalidOperationException()));
    }
}
