using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Node;
using Dynamo.Actors.Tests.Support;
using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Tests.Client;

public sealed class ClientEndsTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private const ulong StateHash = 77;
    private readonly Dictionary<NodeId, TestProbe> _coordinators = [];
    private readonly NodeId[] _walk;
    private readonly ClusterState _state;
    private readonly Peers _peers;

    public ClientEndsTests(Peers peers)
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
    public async Task A_request_under_way_ends_when_its_client_is_disposed()
    {
        var dynamo = await ConnectAsync();
        var get = dynamo.GetAsync("cart");
        _coordinators[_walk[0]].ExpectMsg<ClientBatch>(Given.Long);
        await dynamo.DisposeAsync();
        await Assert.ThrowsAnyAsync<DynamoException>(() => get);
    }

    [Fact]
    public async Task A_request_of_a_disposed_client_ends()
    {
        var dynamo = await ConnectAsync();
        await dynamo.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => dynamo.GetAsync("cart"));
    }

    [Fact]
    public async Task A_timeout_without_end_is_refused()
    {
        await using var dynamo = await ConnectAsync();
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => dynamo.GetAsync("cart", new RequestSettings(Timeout: TimeSpan.MaxValue)));
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => dynamo.GetAsync("cart", new RequestSettings(Timeout: TimeSpan.Zero)));
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(0)]
    [InlineData(17)]
    public async Task A_quorum_that_no_bucket_can_have_is_refused_before_it_is_sent(int r)
    {
        await using var dynamo = await ConnectAsync();
        var refused = await Assert.ThrowsAsync<DynamoBadRequestException>(() => dynamo.GetAsync("cart", new RequestSettings(R: r)));
        Assert.Contains($"r = {r}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_get_that_every_node_is_late_with_waits_until_its_time_is_over()
    {
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(1) });
        var get = dynamo.GetAsync("cart", new RequestSettings(Timeout: Given.Long));
        var first = Assert.Single(_coordinators[_walk[0]].ExpectMsg<ClientBatch>(Given.Long).Requests);
        for (var i = 1; i < _walk.Length; i++) _coordinators[_walk[i]].ExpectMsg<ClientBatch>(Given.Long);
        _coordinators[_walk[0]].Reply(new ClientReplies([new GetReply(first.Id, [], default, 2)], StateHash));
        await get;
    }

    private async Task<DynamoClient> ConnectAsync(Func<DynamoClientOptions, DynamoClientOptions>? change = null)
    {
        var view = new ViewChanged(new ClusterView(Given.N2, _state, []), StateHash);
        var receptionist = _peers[Given.N2].Receive();
        receptionist.Tell(view);
        var options = new DynamoClientOptions { Contacts = [_peers[Given.N2].Address], Timeout = Given.Long, AttemptTimeout = Given.Long };
        return await DynamoClient.ConnectAsync(change?.Invoke(options) ?? options);
    }

    private sealed class Directory(ClusterState state) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(
            new ClusterDirectory("dynamo", Given.N2, state, StateHash, [], BucketOptions.Default, new RequestLimits(1024, 1 << 20)));
    }
}
