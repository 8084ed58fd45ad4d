using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Gossip;

/// <summary>Cluster membership at the gossiper of n1, under a parent that reports to the test: incarnations, removals, strangers, a damaged store.</summary>
public sealed class MembershipTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly NodeAddress Own = new("127.0.0.1", 7100);
    private static readonly NodeAddress Nowhere = new("127.0.0.1", 1);
    private static readonly Origin N2 = Given.Origin(Given.N2);
    private readonly MemoryEngine _engine = new(new StoreId(1));
    private readonly DynamoSettings _settings = Given.Settings("dynamo { cluster { founders = [n1], seeds = [\"127.0.0.1:1\"] }\n gossip { interval = 60s, heartbeat-interval = 60s } }");
    private readonly TestProbe _parent;
    private readonly TestProbe _peer;

    public MembershipTests()
        : base(Given.Remoting, NodePaths.SystemName) => (_parent, _peer) = (CreateTestProbe("parent"), CreateTestProbe("peer"));

    // ---- incarnations

    [Fact]
    public void Each_start_begins_an_incarnation_beyond_the_saved_one_and_keeps_the_status()
    {
        SavedState.SaveAsync(_engine, Given.State(Given.Member(Given.N1, Own, incarnation: 7, MemberStatus.Leaving)).WithRing(8));
        Start();
        var self = View().State.Members[Given.N1];
        Assert.Equal((8, MemberStatus.Leaving, Own), (self.Incarnation, self.Status, self.Address));
        Assert.Equal(8, SavedState.Load(_engine, _settings).Members[Given.N1].Incarnation);
    }

    [Fact]
    public void A_heartbeat_of_a_past_incarnation_is_answered_with_the_known_one()
    {
        var gossiper = Start();
        gossiper.Tell(new GossipDelta(N2, Given.State(Given.Member(Given.N2, Nowhere, incarnation: 3)), null), _peer);
        gossiper.Tell(new Heartbeat(N2), _peer);
        Assert.Equal(3, _peer.ExpectMsg<GossipDelta>(Given.Long).Difference.Members[Given.N2].Incarnation);
    }

    // ---- removed nodes and strangers

    [Theory]
    [InlineData(MemberStatus.Left, "node n2 has left cluster 'dynamo'")]
    [InlineData(MemberStatus.Removed, "node n2 was removed from cluster 'dynamo'")]
    public void A_gone_node_is_told_so(MemberStatus status, string reason)
    {
        var gossiper = Start();
        gossiper.Tell(new GossipDelta(N2, Given.State(Given.Member(Given.N2, Nowhere, 1, status)).WithRing(8, epoch: 2), null), _peer);
        gossiper.Tell(new GossipSyn(N2, 0, [], []), _peer);
        var refused = _peer.ExpectMsg<GossipRefused>(Given.Long);
        Assert.Equal(Refusal.Gone, refused.Kind);
        Assert.StartsWith(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_all_refuse_reports_its_expulsion_to_its_parent_once()
    {
        var gossiper = Start();
        gossiper.Tell(new GossipRefused(Given.N2, Refusal.OtherCluster, "its cluster is 'two', not 'dynamo'"), _peer);
        for (var i = 0; i < 6; i++) gossiper.Tell(new GossipRefused(i % 2 == 0 ? Given.N2 : Given.N3, Refusal.Gone, "node n1 was removed"), _peer);
        Assert.Equal("node n1 was removed", _parent.FishForMessage<Expelled>(_ => true, Given.Long).Reason);
        AssertNotExpelled(gossiper);
    }

    // Of two plans committed at once one loses, and with it the node's removal.
    [Fact]
    public void A_node_that_some_refuse_and_others_gossip_with_stays()
    {
        var gossiper = Start();
        for (var i = 0; i < 20; i++)
        {
            gossiper.Tell(new GossipRefused(Given.N3, Refusal.Gone, "node n1 was removed"), _peer);
            if (i % 4 == 3) gossiper.Tell(new Heartbeat(N2), _peer);
        }
        AssertNotExpelled(gossiper);
    }

    [Fact]
    public void Gossip_of_another_cluster_is_ignored()
    {
        var gossiper = Start();
        gossiper.Tell(new GossipDelta(N2 with { Cluster = "two" }, Given.State(Given.Member(Given.N2, Nowhere)), GossipDigest.MarksOf(ClusterState.Empty)), _peer);
        gossiper.Tell(new DirectoryRequest(0), _peer);
        Assert.Equal([Given.N1], _peer.ExpectMsg<ClusterDirectory>(Given.Long).State.Members.Keys);
    }

    // ---- sizes and the store

    [Fact]
    public void Messages_are_bounded_in_size()
    {
        var gossiper = Start();
        var many = Given.State([.. Enumerable.Range(0, 5000).Select(i => Given.Member(new NodeId($"node-{i}"), Nowhere))]);
        gossiper.Tell(new GossipDelta(N2, many, null), _peer);
        gossiper.Tell(new GossipSyn(N2, 0, [], []), _peer);
        var marks = _peer.ExpectMsg<GossipMarks>(Given.Long);
        Assert.NotNull(marks.Marks.UpTo);
        Assert.InRange(Size(marks), 1000, 64 << 10);
        gossiper.Tell(new GossipMarks(N2, GossipDigest.MarksOf(ClusterState.Empty), []), _peer);
        var delta = _peer.ExpectMsg<GossipDelta>(Given.Long);
        Assert.InRange(delta.Difference.Members.Count, 500, 4999);
        Assert.InRange(Size(delta), 1000, 64 << 10);

        // The next exchange continues after the marks of the last.
        gossiper.Tell(new GossipSyn(N2, 0, [], []), _peer);
        Assert.Equal(marks.Marks.UpTo, _peer.ExpectMsg<GossipMarks>(Given.Long).Marks.After);
    }

    [Fact]
    public void A_saved_state_that_is_damaged_is_named_and_left_as_it_is()
    {
        SavedState.SaveAsync(_engine, Given.State(Given.Member(Given.N1, Own)));
        var damaged = _engine.GetMeta("cluster")![..^1];
        _engine.SetMetaAsync("cluster", damaged);
        var refusal = Assert.Throws<StoreException>(() => SavedState.Load(_engine, _settings));
        Assert.Contains("node n1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("(data) is damaged: truncated", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => Dynamo.Actors.Node.DynamoNode.Start(Sys, _settings, _engine));
        Assert.Equal(damaged, _engine.GetMeta("cluster"));
    }

    private int Size(IWireMessage message) => new DynamoSerializer((ExtendedActorSystem)Sys).ToBinary(message).Length;

    private IActorRef Start()
    {
        var gossiper = Gossiper.Props(_settings, Given.Member(Given.N1, Own), _engine, new Random(1), new PeerTraffic(), [_parent]);
        return Sys.ActorOf(Props.Create(() => new Parent(_parent))).Ask<IActorRef>(gossiper, Given.Long).GetAwaiter().GetResult();
    }

    private ClusterView View() => _parent.FishForMessage<ViewChanged>(_ => true, Given.Long).View;

    private sealed class Parent(IActorRef hears) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Props child) Sender.Tell(Context.ActorOf(child));
            else hears.Forward(message);
        }
    }

    private void AssertNotExpelled(IActorRef gossiper)
    {
        // Anything it had to say before comes before the answer to this.
        gossiper.Tell(new DirectoryRequest(0), _peer);
        _peer.FishForMessage<ClusterDirectory>(_ => true, Given.Long);
        while (_parent.HasMessages) Assert.IsNotType<Expelled>(_parent.ReceiveOne(Given.Long));
    }
}
