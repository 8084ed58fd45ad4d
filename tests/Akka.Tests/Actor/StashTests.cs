using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class StashTests : ActorTest
{
    private class Door(IActorRef report) : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    Stash.UnstashAll();
                    Become(Open);
                    break;
                case "twice":
                    Stash.Stash();
                    report.Tell(Xunit.Record.Exception(Stash.Stash)!.GetType().Name);
                    break;
                case Exception e:
                    throw e;
                case "count":
                    report.Tell(Stash.Count);
                    break;
                default:
                    Stash.Stash();
                    break;
            }
        }

        private void Open(object message) => report.Tell(message, Sender);
    }

    private readonly Recorder _recorder;
    private readonly IActorRef _door;

    public StashTests()
    {
        _recorder = Record();
        var report = _recorder.Ref;
        _door = Sys.ActorOf(Props.Create(() => new Door(report)));
    }

    [Fact]
    public async Task What_was_put_aside_comes_first_in_its_order_and_with_its_sender()
    {
        foreach (var message in new object[] { 1, 2, "count", 3, "open", 4 })
            _door.Tell(message, _recorder.Ref);
        await _recorder.Expect(2, 1, 2, 3, 4);
        Assert.Equal(_recorder.Ref, _recorder.LastSender);
    }

    [Fact]
    public async Task A_message_is_put_aside_once()
    {
        _door.Tell("twice");
        await _recorder.Expect(nameof(IllegalActorStateException));
    }

    [Fact]
    public async Task A_restart_gives_the_stash_back_to_the_mailbox()
    {
        foreach (var message in new object[] { 1, 2, new InvalidOperationException("boom"), 3, "open" })
            _door.Tell(message);
        await _recorder.Expect(1, 2, 3);
    }

    [Fact]
    public async Task A_stop_makes_dead_letters_of_the_stash()
    {
        var letters = Record();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        _door.Tell(1);
        _door.Tell(2);
        _door.Tell(PoisonPill.Instance);
        Assert.Equal(1, (await letters.Expect<DeadLetter>()).Message);
        Assert.Equal(2, (await letters.Expect<DeadLetter>()).Message);
    }

    private sealed class Narrow(IActorRef report) : UntypedActor, IWithUnrestrictedStash, IWithBoundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            var failure = Xunit.Record.Exception(Stash.Stash);
            report.Tell(failure is null ? $"stashed {Stash.Count} of {Stash.Capacity}" : failure.GetType().Name);
        }
    }

    [Fact]
    public async Task A_bounded_stash_overflows()
    {
        var report = _recorder.Ref;
        var narrow = Sys.ActorOf(Props.Create(() => new Narrow(report)).WithStashCapacity(2));
        foreach (var message in new[] { "a", "b", "c" })
            narrow.Tell(message);
        await _recorder.Expect("stashed 1 of 2", "stashed 2 of 2", nameof(StashOverflowException));
    }
}
