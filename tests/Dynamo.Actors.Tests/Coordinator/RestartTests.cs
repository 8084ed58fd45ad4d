using Akka.Actor;
using Dynamo.Actors.Coordinator;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

/// <summary>A coordinator that fails answers the clients that wait for it.</summary>
public sealed class RestartTests(Peers peers) : CoordinatorTest(peers)
{
    [Fact]
    public void A_get_in_flight_may_go_to_another_node_and_a_put_may_still_take_effect()
    {
        Start();
        var key = KeyOf(Given.N1);
        Ask(Get(key));
        ExpectRead(Replica);
        Ask(Put(key, "x"));
        Replica.ExpectMsg<MintBatch>(Given.Long);
        Fail();
        var replies = Client.ExpectMsg<ClientReplies>(Given.Long).Replies.Cast<RequestFailed>().OrderBy(r => r.Id).ToArray();
        Assert.Equal([(1L, FailureKind.WrongNode), (2L, FailureKind.QuorumNotMet)], replies.Select(r => (r.Id, r.Kind)));
        Assert.Equal("the coordinator of node n1 failed and lost the request; the write may still take effect", replies[1].Reason);
    }

    [Fact]
    public void A_request_that_was_answered_is_not_answered_again()
    {
        Start();
        // The other two have not answered, so it is still in flight.
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(R: 1)));
        ExpectRead(Replica, Given.Value("x", 1));
        ExpectReply<GetReply>();
        Fail();
        Ask(Get(StorageKey.Of("")));
        var failed = Assert.IsType<RequestFailed>(Assert.Single(Client.ExpectMsg<ClientReplies>(Given.Long).Replies));
        Assert.Equal(FailureKind.BadRequest, failed.Kind);
    }

    [Fact]
    public void Requests_of_the_failing_batch_that_were_not_begun_may_go_to_another_node()
    {
        Start();
        var key = KeyOf(Given.N1);
        // No request that a client can send makes the actor fail; this one cannot come from a client.
        var broken = Get(key) with { Quorum = null! };
        Ask(Get(key), broken, Get(key), Put(key, "x"));
        var replies = Client.ExpectMsg<ClientReplies>(Given.Long).Replies.Cast<RequestFailed>().OrderBy(r => r.Id).ToArray();
        Assert.Equal([(2L, FailureKind.WrongNode), (3L, FailureKind.WrongNode), (4L, FailureKind.WrongNode)], replies.Select(r => (r.Id, r.Kind)));
    }

    // A message that the coordinator cannot handle.
    private void Fail() => Coordinator.Tell(new MintsCame(null!, null, null));
}
