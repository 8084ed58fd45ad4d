using Akka.Actor;

namespace Akka.Tests.Kit;

public class TestActorRefTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void An_actor_has_handled_what_it_was_told_when_the_telling_returns()
    {
        var counter = ActorOfAsTestActorRef<Counter>("counter");
        counter.Tell(3);
        counter.Tell(4);
        Assert.Equal(7, counter.UnderlyingActor.Sum);
        Assert.Equal("counter", counter.Path.Name);
        ExpectMsg(3);
        ExpectMsg(7);
        Assert.Equal(LastSender, counter.Ref);
    }

    [Fact]
    public void What_a_handler_throws_reaches_the_test()
    {
        var counter = ActorOfAsTestActorRef(() => new Counter());
        Assert.Throws<InvalidOperationException>(() => counter.Receive("fail"));
        counter.Receive(5, TestActor);
        ExpectMsg(5);
    }

    [Fact]
    public void A_stopped_actor_is_no_longer_there()
    {
        var counter = ActorOfAsTestActorRef<Counter>();
        Watch(counter);
        Sys.Stop(counter);
        ExpectTerminated(counter);
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter()
        {
            Receive<int>(n => Sender.Tell(Sum += n));
            Receive<string>(_ => throw new InvalidOperationException("on purpose"));
        }

        public int Sum { get; private set; }
    }
}
