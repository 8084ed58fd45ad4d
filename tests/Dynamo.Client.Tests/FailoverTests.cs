using Akka.Actor;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

/// <summary>Which failures the client takes to another replica, and what it reports in the end.</summary>
public sealed class FailoverTests(Peers peers) : ClientTest(peers)
{
    [Fact]
    public async Task The_values_of_several_replies_are_one_result()
    {
        await using var dynamo = await ConnectAsync();
        var get = dynamo.GetAsync("cart");
        var request = Assert.Single(Coordinators[Walk[0]].ExpectMsg<ClientBatch>(Given.Long).Requests);
        Reply(Walk[0], new GetReply(request.Id, ["apple"u8.ToArray()], new byte[] { 1 }, 2, HasMore: true));
        Reply(Walk[0], new GetReply(request.Id, ["pear"u8.ToArray()], new byte[] { 1 }, 2));
        Assert.Equal(["apple", "pear"], (await get.WaitAsync(Given.Long)).Values.Select(v => System.Text.Encoding.UTF8.GetString(v.Span)));
    }

    [Fact]
    public async Task A_put_that_a_node_s_store_refuses_goes_to_the_next_replica()
    {
        await using var dynamo = await ConnectAsync();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        var first = Refuse(Walk[0], FailureKind.NotStored, "node n2 could not store the write: the disk of the store is full");
        var second = Expect(Walk[1]);
        Assert.Equal(first.WriteId, second.WriteId);
        Reply(Walk[1], new PutReply(second.Id, default, 2, [new ReceiptLine(Walk[1], null, true)]));
        Assert.Equal(Walk[1], Assert.Single((await put.WaitAsync(Given.Long)).Took).Node);
    }

    [Fact]
    public async Task When_every_replicas_store_refuses_the_reason_is_reported()
    {
        await using var dynamo = await ConnectAsync();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        foreach (var node in Walk) Refuse(node, FailureKind.NotStored, $"node {node} could not store the write: its disk is full");
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(() => put.WaitAsync(Given.Long));
        Assert.Equal($"node {Walk[^1]} could not store the write: its disk is full", failed.Message);
    }

    [Fact]
    public async Task After_a_refusal_an_unanswered_put_may_still_have_taken_effect()
    {
        await using var dynamo = await ConnectAsync();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None, new RequestSettings(Timeout: TimeSpan.FromSeconds(1)));
        Refuse(Walk[0], FailureKind.Overloaded, "node n2 is overloaded");
        Expect(Walk[1]);
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(() => put.WaitAsync(Given.Long));
        Assert.EndsWith("; the write may have taken effect", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unanswered_put_is_not_sent_to_another_node()
    {
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(100) });
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None, new RequestSettings(Timeout: TimeSpan.FromMilliseconds(500)));
        Expect(Walk[0]);
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(() => put.WaitAsync(Given.Long));
        Assert.Equal($"no answer from {Walk[0]} within 0.5s; the write may have taken effect", failed.Message);
    }

    [Fact]
    public async Task Requests_queued_for_a_node_that_leaves_the_cluster_go_to_the_next_replica_at_once()
    {
        using var system = ActorSystem.Create("dynamo-client-of-the-test", Given.Remoting);
        await using var dynamo = await ConnectInAsync(system);
        var proxy = await system.ActorSelection("/user/*").ResolveOne(Given.Long);
        var left = State with { Members = State.Members.Remove(Walk[0]) };
        // Held, the proxy has the directory before it comes to send the request.
        ((IInternalActorRef)proxy).Suspend();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        proxy.Tell(new ClusterDirectory("dynamo", Walk[1], left, StateHash, [], BucketOptions.Default, new RequestLimits(1024, 1 << 20)));
        ((IInternalActorRef)proxy).Resume(null);
        var sent = Expect(Walk[1]);
        Reply(Walk[1], new PutReply(sent.Id, default, 2, [new ReceiptLine(Walk[1], null, true)]));
        await put.WaitAsync(Given.Long);
        Coordinators[Walk[0]].ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_resent_put_goes_to_the_next_replica_and_the_first_answer_counts(int first)
    {
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(100), ResendsPuts = true });
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        PutRequest[] sent = [Expect(Walk[0]), Expect(Walk[1])];
        Assert.Equal(sent[0].WriteId, sent[1].WriteId);
        Assert.NotEqual(sent[0].Id, sent[1].Id);
        Reply(Walk[first], new PutReply(sent[first].Id, default, 2, [new ReceiptLine(Walk[first], null, true)]));
        Assert.Equal(Walk[first], Assert.Single((await put.WaitAsync(Given.Long)).Took).Node);
    }

    private PutRequest Expect(NodeId node) => Assert.IsType<PutRequest>(Assert.Single(Coordinators[node].ExpectMsg<ClientBatch>(Given.Long).Requests));

    private PutRequest Refuse(NodeId node, FailureKind kind, string reason)
    {
        var put = Expect(node);
        Reply(node, new RequestFailed(put.Id, kind, reason));
        return put;
    }

    private void Reply(NodeId node, ClientReply reply) => Coordinators[node].Reply(new ClientReplies([reply], StateHash));
}
