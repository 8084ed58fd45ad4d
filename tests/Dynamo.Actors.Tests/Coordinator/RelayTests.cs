using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Coordinator;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

/// <summary>Writes that come to a node without a replica of their key. Its client may reach no other node.</summary>
public sealed class RelayTests(Peers peers) : CoordinatorTest(peers)
{
    [Fact]
    public void A_write_is_passed_on_once_and_its_answer_comes_back_the_same_way()
    {
        Start(nodes: 4);
        var n2 = Played(Given.N2, NodePaths.Coordinator);
        var request = Put(KeyOf(Given.N2), "apple");
        Ask(request);
        var passed = ExpectPassed(n2);
        Assert.Equal(Shown.Of(request with { IsForwarded = true }), Shown.Of(passed with { Id = request.Id }));
        n2.Reply(new ClientReplies([new PutReply(passed.Id, default, 2, [])], 77));
        Assert.Equal(request.Id, ExpectReply<PutReply>().Id);
        Assert.Equal(Coordinator, Client.LastSender);

        Ask(Put(KeyOf(Given.N2), "pear", isForwarded: true));
        Assert.Contains("node n1 is no replica of the key", ExpectFailure(FailureKind.WrongNode).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailureKind.NotStored)]
    [InlineData(FailureKind.Overloaded)]
    [InlineData(FailureKind.WrongNode)]
    public void A_write_that_a_replica_refuses_is_passed_on_to_the_next(FailureKind kind)
    {
        Start(nodes: 4);
        var (n2, n3) = (Played(Given.N2, NodePaths.Coordinator), Played(Given.N3, NodePaths.Coordinator));
        var request = Put(KeyOf(Given.N2), "apple");
        Ask(request);
        Refuse(n2, kind, "no");
        var second = ExpectPassed(n3);
        Assert.Equal(request.WriteId, second.WriteId);
        n3.Reply(new ClientReplies([new PutReply(second.Id, default, 2, [])], 77));
        Assert.Equal(request.Id, ExpectReply<PutReply>().Id);
    }

    [Fact]
    public void When_every_replica_refuses_the_client_gets_the_last_reason()
    {
        Start(nodes: 4);
        NodeId[] nodes = [Given.N2, Given.N3, Given.N4];
        var coordinators = nodes.Select(n => Played(n, NodePaths.Coordinator)).ToArray();
        Ask(Put(KeyOf(Given.N2), "apple"));
        foreach (var (node, coordinator) in nodes.Zip(coordinators)) Refuse(coordinator, FailureKind.NotStored, $"the disk of {node} is full");
        Assert.Equal("the disk of n4 is full", ExpectFailure(FailureKind.NotStored).Reason);
    }

    [Fact]
    public void A_write_that_may_have_taken_effect_is_not_passed_on_again()
    {
        Start(nodes: 4);
        var (n2, n3) = (Played(Given.N2, NodePaths.Coordinator), Played(Given.N3, NodePaths.Coordinator));
        Ask(Put(KeyOf(Given.N2), "apple"));
        Refuse(n2, FailureKind.QuorumNotMet, "1 of 2");
        Assert.Equal("1 of 2", ExpectFailure(FailureKind.QuorumNotMet).Reason);
        n3.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_write_that_the_network_delivers_twice_is_passed_on_once()
    {
        Start(nodes: 4);
        var n2 = Played(Given.N2, NodePaths.Coordinator);
        var (twice, next) = (Put(KeyOf(Given.N2), "apple"), Put(KeyOf(Given.N2), "pear"));
        Ask(twice);
        Ask(twice);
        Ask(next);
        Assert.Equal(twice.WriteId, ExpectPassed(n2).WriteId);
        Assert.Equal(next.WriteId, ExpectPassed(n2).WriteId);
    }

    [Fact]
    public void Writes_that_are_passed_on_count_as_requests_in_flight()
    {
        Start(nodes: 4, hocon: "dynamo.limits.in-flight = 1");
        var n2 = Played(Given.N2, NodePaths.Coordinator);
        Ask(Put(KeyOf(Given.N2), "apple"));
        var first = ExpectPassed(n2);
        Ask(Put(KeyOf(Given.N2), "pear"));
        ExpectFailure(FailureKind.Overloaded);
        n2.Reply(new ClientReplies([new PutReply(first.Id, default, 2, [])], 77));
        ExpectReply<PutReply>();
        Ask(Put(KeyOf(Given.N2), "plum"));
        ExpectPassed(n2);
    }

    [Fact]
    public void A_coordinator_that_fails_says_that_the_write_may_have_taken_effect()
    {
        Start(nodes: 4);
        var n2 = Played(Given.N2, NodePaths.Coordinator);
        var request = Put(KeyOf(Given.N2), "apple");
        Ask(request);
        ExpectPassed(n2);
        Coordinator.Tell(new MintsCame(null!, null, null));
        Assert.Equal(request.Id, ExpectFailure(FailureKind.QuorumNotMet).Id);
    }

    private static PutRequest ExpectPassed(TestProbe coordinator) =>
        Assert.IsType<PutRequest>(Assert.Single(coordinator.ExpectMsg<ClientBatch>(Given.Long).Requests));

    private static void Refuse(TestProbe coordinator, FailureKind kind, string reason) =>
        coordinator.Reply(new ClientReplies([new RequestFailed(ExpectPassed(coordinator).Id, kind, reason)], 77));
}
