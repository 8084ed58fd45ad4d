using Akka.Actor;
using Dynamo.Actors.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

/// <summary>Requests that are refused before any work is done; the reason names the limit and its setting.</summary>
public sealed class RefusalTests(Peers peers) : CoordinatorTest(peers)
{
    [Fact]
    public void Without_a_ring_the_client_is_sent_to_another_node()
    {
        Start();
        Coordinator.Tell(new ViewChanged(new ClusterView(Given.N1, ClusterState.Empty, []), 77));
        Ask(Get(StorageKey.Of("a")));
        Assert.Equal("node n1 has no ring yet", ExpectFailure(FailureKind.WrongNode).Reason);
    }

    [Fact]
    public void Keys_and_values_have_limits()
    {
        Start(hocon: "dynamo.limits { key-bytes = 4, value-bytes = 8 }");
        Ask(Get(StorageKey.Of("")));
        Assert.Contains("the key is empty", ExpectFailure(FailureKind.BadRequest).Reason, StringComparison.Ordinal);
        Ask(Get(StorageKey.Of("12345")));
        Assert.Equal("the key has 5 bytes: 4 is the limit (dynamo.limits.key-bytes)", ExpectFailure(FailureKind.BadRequest).Reason);
        Ask(Put(StorageKey.Of("1234"), "123456789"));
        Assert.Equal("the value has 9 bytes: 8 is the limit (dynamo.limits.value-bytes)", ExpectFailure(FailureKind.BadRequest).Reason);
        Assert.False(Replica.HasMessages);
    }

    [Fact]
    public void An_impossible_quorum_is_named()
    {
        Start();
        var key = KeyOf(Given.N1);
        Ask(Get(key, new QuorumOverrides(R: 4)));
        Assert.Equal("r = 4 is not from 1 to 3", ExpectFailure(FailureKind.BadRequest).Reason);
        Ask(Put(key, "x", new QuorumOverrides(W: 0)));
        Assert.Equal("w = 0 is not from 1 to 3", ExpectFailure(FailureKind.BadRequest).Reason);
        Ask(Put(key, "x", new QuorumOverrides(N: 17)));
        Assert.Equal("n = 17 is not from 1 to 16", ExpectFailure(FailureKind.BadRequest).Reason);
        Ask(Put(key, "x", new QuorumOverrides(N: 2, DW: 3)));
        Assert.Equal("dw = 3 is not from 0 to 2", ExpectFailure(FailureKind.BadRequest).Reason);
    }

    [Fact]
    public void A_context_that_was_not_given_out_for_the_key_is_refused()
    {
        Start();
        using var contexts = NewContexts();
        using var strangers = new ContextToken("another cluster's"u8);
        var (key, clock) = (KeyOf(Given.N1), Given.Value("x", 1).Clock);
        var good = contexts.Seal(clock, key);
        byte[][] bad =
        [
            good[..^1], [.. good[..^1], (byte)(good[^1] ^ 1)], [(byte)(good[0] ^ 1), .. good[1..]], [1],
            contexts.Seal(clock, StorageKey.Of("another")), strangers.Seal(clock, key),
        ];
        foreach (var context in bad)
        {
            Ask(Put(key, "x", context: context));
            ExpectFailure(FailureKind.BadContext);
        }
        Assert.False(Replica.HasMessages);
        Ask(Put(key, "x", context: good));
        ExpectMint();
    }

    [Fact]
    public void Beyond_the_requests_in_flight_a_node_says_that_it_is_overloaded()
    {
        Start(hocon: "dynamo.limits.in-flight = 2");
        Ask(Get(KeyOf(Given.N1)), Get(KeyOf(Given.N1)), Get(KeyOf(Given.N1)));
        Assert.Equal("node n1 has 2 requests in flight: 2 is the limit (dynamo.limits.in-flight)", ExpectFailure(FailureKind.Overloaded).Reason);
        Assert.Equal(2, Replica.ExpectMsg<ReadBatch>(Given.Long).Items.Length);
    }

    [Fact]
    public void Beyond_the_writes_that_wait_for_its_store_a_node_says_that_it_is_overloaded()
    {
        Start(hocon: "dynamo.limits.replica-queue = 1");
        var second = Put(KeyOf(Given.N1), "2", new QuorumOverrides(N: 1));
        Ask(Put(KeyOf(Given.N1), "1", new QuorumOverrides(N: 1)), second);
        Assert.EndsWith("waiting for its store: that is the limit (dynamo.limits.replica-queue)", ExpectFailure(FailureKind.Overloaded).Reason, StringComparison.Ordinal);
        ExpectMint();
        ExpectReply<PutReply>();
        Ask(second with { Id = second.Id + 100, WriteId = second.WriteId + 100 });
        Assert.Equal("2", System.Text.Encoding.UTF8.GetString(ExpectMint().Write.Value.Span));
        ExpectReply<PutReply>();
    }

    [Fact]
    public void A_replica_whose_queue_is_full_has_failed_for_the_request()
    {
        Start(nodes: 5, "dynamo.limits.replica-queue = 1");
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "1", new QuorumOverrides(W: 2)));
        ExpectMint();
        ExpectWrite(n2, outcome: null);
        ExpectWrite(n3);
        ExpectReply<PutReply>();
        // n2 still owes an answer: the next write skips it for a fallback.
        Ask(Put(KeyOf(Given.N1), "2", new QuorumOverrides(W: 3)));
        ExpectMint();
        ExpectWrite(n3);
        Assert.Equal(Given.N2, ExpectWrite(n4).HintFor);
        Assert.Contains(new ReceiptLine(Given.N4, Given.N2, true), ExpectReply<PutReply>().Took);
    }

    [Fact]
    public void A_refused_put_that_another_node_forwards_is_checked_again()
    {
        Start(nodes: 4, hocon: "dynamo.limits.in-flight = 1");
        var key = KeyOf(Given.N1);
        Ask(Get(key));
        var put = Put(key, "x");
        Ask(put);
        ExpectFailure(FailureKind.Overloaded);
        // As the fourth node forwards it: the same write under the id of the client's next attempt. An exact repeat is dropped.
        Ask(put);
        Ask(put with { Id = put.Id + 100, IsForwarded = true });
        Assert.Equal(put.Id + 100, Assert.Single(Client.ExpectMsg<ClientReplies>(Given.Long).Replies).Id);
    }

    [Fact]
    public void A_sealed_context_that_cannot_be_read_is_refused()
    {
        Start();
        var key = KeyOf(Given.N1);
        byte[] body = [1, 0xff, 0xff, 0xff];
        var tag = System.Security.Cryptography.HMACSHA256.HashData(Settings.Cluster.Secret.AsSpan(), [.. key.Encoded, .. body]).AsSpan(0, 8);
        Ask(Put(key, "x", context: [.. body, .. tag]));
        ExpectFailure(FailureKind.BadContext);
    }
}
