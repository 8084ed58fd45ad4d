using Akka.Actor;
using Dynamo.Client.Admin;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

/// <summary>A node joins only if the members reach it. The test plays the members n2 and n3, and the newcomer n4.</summary>
public sealed class JoinReachTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private readonly Peers _peers;

    public JoinReachTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
    }

    [Fact]
    public async Task A_node_that_every_member_reaches_is_introduced()
    {
        Play(Given.N2, reaches: true);
        Play(Given.N3, reaches: true);
        Play(Given.N4, reaches: true);
        Assert.Equal(Given.N4, await IntroduceAsync());
    }

    [Fact]
    public async Task A_node_that_a_member_does_not_reach_is_refused_and_the_member_named()
    {
        Play(Given.N2, reaches: true);
        Play(Given.N3, reaches: false);
        Play(Given.N4, reaches: true);
        var refused = await Assert.ThrowsAsync<DynamoBadRequestException>(IntroduceAsync);
        Assert.StartsWith($"node n4 is not reached at {_peers[Given.N4].Address} from n3: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("akka.remote.dot-netty.tcp.hostname", refused.Message, StringComparison.Ordinal);
    }

    private async Task<NodeId> IntroduceAsync()
    {
        await using var admin = DynamoAdmin.In(Sys);
        return await admin.IntroduceAsync(_peers[Given.N2].Address, _peers[Given.N4].Address, Given.Long);
    }

    private void Play(NodeId node, bool reaches)
    {
        var state = Given.State(_peers[Given.N2].Member, _peers[Given.N3].Member, _peers[Given.N4].Member);
        _peers[node].Play(NodePaths.Gossiper, Sys.ActorOf(Props.Create(() => new Player(node, state, reaches))));
    }

    private sealed class Player(NodeId node, ClusterState state, bool reaches) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DirectoryRequest) Sender.Tell(new ClusterDirectory("dynamo", node, state, 1, [], BucketOptions.Default, new RequestLimits(1024, 1 << 20)));
            if (message is ReachRequest request && request.Node == Given.N4) Sender.Tell(new ReachReport(reaches));
        }
    }
}
