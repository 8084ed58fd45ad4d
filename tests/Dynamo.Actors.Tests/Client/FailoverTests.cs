using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Tests.Support;
using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Tests.Client;

/// <summary>The real client between nodes that the test plays: which failures it takes to another replica, and what it says in the end.</summary>
public sealed class FailoverTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private const ulong StateHash = 77;
    private readonly Dictionary<NodeId, TestProbe> _coordinators = [];
    private readonly NodeId[] _walk;
    private readonly ClusterState _state;
    private readonly Peers _peers;

    public FailoverTests(Peers peers)
    {
        _peers = peers;
        peers.FallSilent();
        var nodes = peers.First(3).ToArray();
        _state = Given.State([.. nodes.Select(n => n.Member)]).WithRing(8);
        var ring = _state.Ring.Serving;
        _walk = [.. ring.Walk(ring.PartitionOf(StorageKey.Of("cart").Token))];
        var directory = Sys.ActorOf(Props.Create(() => new Directory(_state)));
        foreach (var node in nodes)
        {
            _coordinators[node.Id] = CreateTestProbe($"{node.Id}-coordinator");
            node.Play(NodePaths.Coordinator, _coordinators[node.Id]);
            node.Play(NodePaths.Gossiper, directory);
        }
    }

    [Fact]
    public async Task A_put_that_a_node_s_store_refuses_goes_to_the_next_replica()
    {
        await using var dynamo = await ConnectAsync();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        var first = Refuse(_walk[0], FailureKind.NotStored, "node n2 could not store the write: the disk of the store is full");
        var second = Expect(_walk[1]);
        Assert.Equal(first.WriteId, second.WriteId);
        Reply(_walk[1], new PutReply(second.Id, default, 2, [new ReceiptLine(_walk[1], null, true)]));
        Assert.Equal(_walk[1], Assert.Single((await put.WaitAsync(Given.Long)).Took).Node);
    }

    [Fact]
    public async Task When_every_replica_s_store_refuses_the_reason_is_told()
    {
        await using var dynamo = await ConnectAsync();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        foreach (var node in _walk) Refuse(node, FailureKind.NotStored, $"node {node} could not store the write: its disk is full");
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(() => put.WaitAsync(Given.Long));
        Assert.Equal($"node {_walk[^1]} could not store the write: its disk is full", failed.Message);
    }

    [Fact]
    public async Task After_a_refusal_a_node_that_does_not_answer_leaves_it_open_whether_the_write_took_effect()
    {
        await using var dynamo = await ConnectAsync();
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None, new RequestSettings(Timeout: TimeSpan.FromSeconds(1)));
        Refuse(_walk[0], FailureKind.Overloaded, "node n2 is overloaded");
        Expect(_walk[1]);
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(() => put.WaitAsync(Given.Long));
        Assert.EndsWith("; the write may have taken effect", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_put_that_its_node_does_not_answer_is_not_sent_to_another()
    {
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(100) });
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None, new RequestSettings(Timeout: TimeSpan.FromMilliseconds(500)));
        Expect(_walk[0]);
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(() => put.WaitAsync(Given.Long));
        Assert.Equal($"no answer from {_walk[0]} within 0.5s; the write may have taken effect", failed.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_resends_puts_takes_it_to_the_next_and_the_first_answer_counts(int first)
    {
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(100), ResendsPuts = true });
        var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
        PutRequest[] sent = [Expect(_walk[0]), Expect(_walk[1])];
        Assert.Equal(sent[0].WriteId, sent[1].WriteId);
        Assert.NotEqual(sent[0].Id, sent[1].Id);
        Reply(_walk[first], new PutReply(sent[first].Id, default, 2, [new ReceiptLine(_walk[first], null, true)]));
        Assert.Equal(_walk[first], Assert.Single((await put.WaitAsync(Given.Long)).Took).Node);
    }

    private async Task<DynamoClient> ConnectAsync(Func<DynamoClientOptions, DynamoClientOptions>? change = null)
    {
        var view = new ViewChanged(new ClusterView(Given.N2, _state, []), StateHash);
        var receptionist = _peers[Given.N2].Receive();
        receptionist.Tell(view);
        var options = new DynamoClientOptions { Contacts = [_peers[Given.N2].Address], Timeout = Given.Long, AttemptTimeout = Given.Long };
        return await DynamoClient.ConnectAsync(change?.Invoke(options) ?? options);
    }

    private PutRequest Expect(NodeId node) => Assert.IsType<PutRequest>(Assert.Single(_coordinators[node].ExpectMsg<ClientBatch>(Given.Long).Requests));

    private PutRequest Refuse(NodeId node, FailureKind kind, string reason)
    {
        var put = Expect(node);
        Reply(node, new RequestFailed(put.Id, kind, reason));
        return put;
    }

    private void Reply(NodeId node, ClientReply reply) => _coordinators[node].Reply(new ClientReplies([reply], StateHash));

    private sealed class Directory(ClusterState state) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(
            new ClusterDirectory("dynamo", Given.N2, state, StateHash, [], BucketOptions.Default, new RequestLimits(1024, 1 << 20)));
    }
}
