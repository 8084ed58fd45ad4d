using Akka.Actor;

namespace Akka.Tests.Actor;

public sealed class AsyncHandlerTests : ActorTest
{
    private sealed class Gate(Task open, string name)
    {
        public Task Open { get; } = open;

        public override string ToString() => name;
    }

    private sealed class Awaiting : ReceiveActor
    {
        private readonly IActorRef _report;

        public Awaiting(IActorRef report)
        {
            _report = report;
            ReceiveAsync<Gate>(async gate =>
            {
                var (self, sender) = (Self, Sender);
                report.Tell("begin " + gate);
                await gate.Open;
                await Task.Yield();
                report.Tell(self.Equals(Self) && sender.Equals(Sender) && Context.Self.Equals(self) ? "end " + gate : "lost");
            });
            ReceiveAsync<Exception>(async e =>
            {
                await Task.Yield();
                throw e;
            });
            ReceiveAny(message => report.Tell(message));
        }

        protected override void PostRestart(Exception reason) => _report.Tell("restarted by " + reason.Message);
    }

    private readonly Recorder _recorder;
    private readonly IActorRef _actor;

    public AsyncHandlerTests()
    {
        _recorder = Record();
        var report = _recorder.Ref;
        _actor = Sys.ActorOf(Props.Create(() => new Awaiting(report)));
    }

    [Fact]
    public async Task Messages_wait_while_a_handler_awaits_and_it_keeps_its_context()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _actor.Tell(new Gate(open.Task, "a"), _recorder.Ref);
        _actor.Tell("between");
        _actor.Tell(new Gate(Task.CompletedTask, "b"), _recorder.Ref);
        await _recorder.Expect("begin a");
        Assert.NotNull(await Sys.ActorSelection("/user").ResolveOne(Deadline));
        open.SetResult();
        await _recorder.Expect("end a", "between", "begin b", "end b");
    }

    [Fact]
    public async Task A_failed_handler_fails_the_actor()
    {
        _actor.Tell(new InvalidOperationException("boom"), _recorder.Ref);
        _actor.Tell("after");
        await _recorder.Expect("restarted by boom", "after");
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_handler()
    {
        var open = new TaskCompletionSource();
        _actor.Tell(new Gate(open.Task, "a"));
        await _recorder.Expect("begin a");
        Sys.Stop(_actor);
        Assert.True(await _actor.WatchAsync(new CancellationTokenSource(Deadline).Token));
        open.SetResult();
        await _recorder.ExpectNothing();
    }

    private sealed class Counting : UntypedActor
    {
        private int _running;
        private int _sum;

        protected override void OnReceive(object message)
        {
            if (message is "sum")
            {
                Sender.Tell(_sum);
                return;
            }

            RunTask(async () =>
            {
                if (++_running != 1)
                    throw new InvalidOperationException("two at once");
                await Task.Yield();
                await Task.Delay(0);
                _sum++;
                _running--;
            });
        }
    }

    [Fact]
    public async Task Handlers_run_one_at_a_time_even_when_there_are_many()
    {
        var counting = Sys.ActorOf(Props.Create(() => new Counting()));
        for (var i = 0; i < 20_000; i++)
            counting.Tell(i);
        Assert.Equal(20_000, await counting.Ask<int>("sum", Deadline));
    }
}
