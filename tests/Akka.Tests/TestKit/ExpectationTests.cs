using Akka.Actor;
using Akka.TestKit.TestActors;
using Xunit.Sdk;

namespace Akka.Tests.Kit;

public class ExpectationTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_message_is_expected_by_type_value_and_predicate()
    {
        var echo = ActorOf<SimpleEchoActor>();
        foreach (var message in new object[] { "a", "b", "c", "d", 5 }) echo.Tell(message);
        Assert.Equal("a", ExpectMsg<string>(Long));
        Assert.Equal("b", ExpectMsg("b", Long));
        Assert.Equal("c", ExpectMsg<string>(m => m == "c", Long));
        Assert.Equal("d", ExpectMsg<string>((m, sender) => Assert.Equal(echo, sender), Long));
        Assert.Equal(5, ExpectMsg<object>(m => Assert.Equal(5, m), Long));
        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public async Task A_message_is_awaited_and_the_sender_stays_the_test_actor()
    {
        var echo = ActorOf(SimpleEchoActor.Props());
        echo.Tell("a");
        Assert.Equal("a", await ExpectMsgAsync<string>(Long));
        await Task.Yield();
        echo.Tell("b");
        await ExpectMsgAsync("b", Long);
        echo.Tell("c");
        await ExpectMsgFromAsync<string>(echo, m => m == "c", Long);
    }

    [Fact]
    public void A_wrong_message_and_silence_fail_the_test()
    {
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg("b", Long));
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<int>(Long));
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(m => m == "b", Long));
        var failure = Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Short, "as a hint"));
        Assert.Contains("as a hint", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_is_expected()
    {
        ExpectNoMsg(Short);
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(Long));
    }

    [Fact]
    public void Several_messages_are_expected_in_any_order()
    {
        foreach (var message in new[] { "b", "a", "c" }) TestActor.Tell(message);
        Assert.Equal(["a", "b"], ExpectMsgAllOf("a", "b").Order());
        Assert.Equal("c", ExpectMsgAnyOf(["x", "c"]));
        TestActor.Tell("x");
        TestActor.Tell("y");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf("x", "z"));
    }

    [Fact]
    public void Messages_are_fished_for_and_received_in_numbers()
    {
        for (var i = 0; i < 10; i++) TestActor.Tell(i);
        Assert.Equal(3, FishForMessage<int>(i => i == 3, Long));
        Assert.Equal([4, 5], ReceiveN(2, Long).Cast<int>());
        Assert.Equal(["6", "7"], ReceiveWhile(m => m is int i && i < 8 ? i.ToString() : null, Long));
        Assert.Equal(8, ReceiveOne(Long));
        Assert.Equal(9, ReceiveOne(TimeSpan.Zero));
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.ThrowsAny<XunitException>(() => FishForMessage(_ => true, Short));
    }

    [Fact]
    public void Messages_are_ignored_until_they_are_not()
    {
        IgnoreMessages<string>(m => m.StartsWith('x'));
        TestActor.Tell("x1");
        TestActor.Tell("a");
        ExpectMsg("a", Long);
        IgnoreNoMessages();
        TestActor.Tell("x2");
        ExpectMsg("x2", Long);
    }

    [Fact]
    public async Task The_end_of_a_watched_actor_is_expected()
    {
        var actor = ActorOf(BlackHoleActor.Props);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor, Long);

        var other = ActorOf(BlackHoleActor.Props);
        await WatchAsync(other);
        other.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(other, Long);
    }

    [Fact]
    public void Within_bounds_what_is_inside_it()
    {
        Assert.Equal(7, Within(Long, () => 7));
        Within(Long, () => Assert.True(RemainingOrDefault <= Long));
        Assert.ThrowsAny<XunitException>(() => Within(Short, () => { ExpectMsg<string>(); }));
        Assert.ThrowsAny<XunitException>(() => Within(Long, Long + Long, () => { }));
        Assert.Throws<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public async Task A_condition_and_an_assertion_are_awaited()
    {
        var tries = 0;
        AwaitCondition(() => ++tries == 3, Long);
        await AwaitConditionAsync(() => Task.FromResult(++tries == 6), Long);
        AwaitAssert(() => Assert.Equal(9, ++tries), Long);
        await AwaitAssertAsync(() => Assert.Equal(12, ++tries), Long);
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, Short));
        await Assert.ThrowsAnyAsync<XunitException>(() => AwaitAssertAsync(() => Assert.Equal(0, tries), Short));
    }
}
