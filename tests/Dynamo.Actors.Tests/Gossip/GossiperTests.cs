using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Gossip;

/// <summary>The gossiper of n1: the test plays its peers, and receives what it tells the node's other actors.</summary>
public sealed class GossiperTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private static readonly NodeAddress Own = new("127.0.0.1", 7100);
    private static readonly NodeAddress Nowhere = new("127.0.0.1", 1);
    private static readonly Origin N2 = N2Of("dynamo");
    private readonly Peers _peers;
    private readonly MemoryEngine _engine = new(new StoreId(1));
    private readonly TestProbe _listener;
    private readonly TestProbe _peer;
    private IActorRef _gossiper = ActorRefs.Nobody;

    public GossiperTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
        (_listener, _peer) = (CreateTestProbe("listener"), CreateTestProbe("peer"));
    }

    // ---- start

    [Fact]
    public void A_founder_makes_the_first_ring_from_its_settings()
    {
        Start("cluster { founders = [n1, n2, n3], seeds = [\"127.0.0.1:1\"] }");
        var view = NextView();
        Assert.Equal(HashRing.Founding([Given.N1, Given.N2, Given.N3], 256, 3), view.Ring);
        Assert.Equal([Given.N1], view.State.Members.Keys);
        Assert.Empty(view.Unreachable);
    }

    [Fact]
    public void A_node_that_is_no_founder_waits_for_a_ring()
    {
        Start("cluster { founders = [n2], seeds = [\"127.0.0.1:1\"] }");
        Assert.True(NextView().Ring.IsNone);
        Hear(Given.State(Given.Member(Given.N2, Nowhere)).WithRing(256));
        Assert.Equal([Given.N2], NextView().Ring.Nodes);
    }

    [Fact]
    public void The_seeds_are_asked_for_the_cluster()
    {
        var n2 = CreateTestProbe("n2");
        _peers[Given.N2].Play(NodePaths.Gossiper, n2);
        Start($"cluster {{ name = five, founders = [n1], seeds = [\"{_peers[Given.N2].Address}\"] }}\ngossip {{ interval = 20ms, heartbeat-interval = 20ms }}");
        var syn = n2.FishForMessage<GossipSyn>(_ => true, Given.Long);
        Assert.Equal(("five", Given.N1), (syn.From.Cluster, syn.From.Node));
        // The members that the seed names are the peers of the next rounds, and the seed receives a heartbeat.
        n2.Reply(new GossipDelta(N2Of("five"), Given.State(_peers[Given.N2].Member), null));
        Assert.Equal([Given.N1, Given.N2], FishView(v => v.State.Members.Count == 2).State.Members.Keys);
        n2.FishForMessage<GossipSyn>(s => s.Hash != syn.Hash, Given.Long);
        n2.FishForMessage<Heartbeat>(b => b.From.Node == Given.N1, Given.Long);
    }

    [Fact]
    public void A_node_that_starts_again_knows_its_cluster()
    {
        Start();
        Hear(Given.State(Given.Member(Given.N2, Nowhere)).With("logs", new BucketEntry(3, Given.Bucket(1, 1, 1))));
        FishView(v => v.State.Members.Count == 2);
        Watch(_gossiper);
        Sys.Stop(_gossiper);
        ExpectTerminated(_gossiper, Given.Long);

        Start();
        var view = FishView(v => v.State.Members.Count == 2);
        Assert.Equal(3, view.State.Buckets["logs"].Version);
    }

    // ---- rounds

    [Fact]
    public void Another_cluster_s_node_is_refused_with_both_names()
    {
        Start("cluster.name = one");
        _gossiper.Tell(new GossipSyn(N2Of("two"), 0, [], []), _peer);
        Assert.Equal(new GossipRefused(Given.N1, Refusal.OtherCluster, "its cluster is 'one', not 'two'"), _peer.ExpectMsg<GossipRefused>(Given.Long));
    }

    [Fact]
    public void A_round_between_equals_is_one_question_and_one_answer()
    {
        Start();
        var hash = HashOf(NextChange());
        _gossiper.Tell(new GossipSyn(N2, hash, [], []), _peer);
        Assert.Equal(Given.N1, _peer.ExpectMsg<GossipAck>(Given.Long).From.Node);
    }

    [Fact]
    public void Differences_go_both_ways()
    {
        Start();
        var state = NextView().State;
        _gossiper.Tell(new GossipSyn(N2, 1, [], []), _peer);
        var marks = _peer.ExpectMsg<GossipMarks>(Given.Long);
        Assert.Equal(Shown.Of(GossipDigest.MarksOf(state)), Shown.Of(marks.Marks));

        // The peer sends what n1 lacks, and asks for what it lacks itself.
        var theirs = Given.State(Given.Member(Given.N2, Nowhere), Given.Member(Given.N3, Nowhere));
        _gossiper.Tell(new GossipDelta(N2, theirs, GossipDigest.MarksOf(theirs)), _peer);
        var delta = _peer.ExpectMsg<GossipDelta>(Given.Long);
        Assert.Equal([Given.N1], delta.Difference.Members.Keys);
        Assert.Null(delta.Marks);
        Assert.Equal([Given.N1, Given.N2, Given.N3], NextView().State.Members.Keys);
    }

    [Fact]
    public void Marks_are_answered_with_the_difference_and_its_own_marks()
    {
        Start();
        var state = NextView().State;
        _gossiper.Tell(new GossipMarks(N2, GossipDigest.MarksOf(ClusterState.Empty), []), _peer);
        Assert.Equal([Given.N1], _peer.ExpectMsg<GossipDelta>(Given.Long).Difference.Members.Keys);
        _gossiper.Tell(new GossipMarks(N2, GossipDigest.MarksOf(state), []), _peer);
        var nothing = _peer.ExpectMsg<GossipDelta>(Given.Long);
        Assert.Empty(nothing.Difference.Members);
        Assert.Equal(Shown.Of(GossipDigest.MarksOf(state)), Shown.Of(nothing.Marks));
    }

    [Fact]
    public void A_known_node_with_an_empty_store_begins_a_later_incarnation()
    {
        Start();
        var state = NextView().State;
        _gossiper.Tell(new GossipMarks(N2, GossipDigest.MarksOf(state), []), _peer);
        Assert.Equal(2, _peer.ExpectMsg<GossipDelta>(Given.Long).Difference.Members[Given.N1].Incarnation);
        _gossiper.Tell(new GossipMarks(N2, GossipDigest.MarksOf(state), []), _peer);
        Assert.Equal(2, _peer.ExpectMsg<GossipDelta>(Given.Long).Difference.Members[Given.N1].Incarnation);
    }

    [Fact]
    public void A_change_is_announced_once()
    {
        Start();
        NextView();
        var news = Given.State(Given.Member(Given.N2, Nowhere));
        Hear(news);
        Hear(news);
        Hear(Given.State(Given.Member(Given.N3, Nowhere)));
        Assert.Equal(2, NextView().State.Members.Count);
        Assert.Equal(3, NextView().State.Members.Count);
    }

    [Fact]
    public void Each_round_announces_the_view_again_for_actors_that_restarted()
    {
        Start("gossip.interval = 20ms");
        var first = NextChange();
        Assert.Equal(first, NextChange());
        Assert.Equal(first, NextChange());
    }

    // ---- clocks

    [Fact]
    public void An_answer_says_what_both_clocks_showed()
    {
        Start();
        _gossiper.Tell(new GossipSyn(N2, 1, [], [], SentMs: 42), _peer);
        var marks = _peer.ExpectMsg<GossipMarks>(Given.Long);
        Assert.Equal(42, marks.Clock.AskedMs);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - marks.Clock.AnsweredMs, 0, 60_000);
        _gossiper.Tell(new GossipSyn(N2, HashOf(NextChange()), [], [], SentMs: 43), _peer);
        Assert.Equal(43, _peer.ExpectMsg<GossipAck>(Given.Long).Clock.AskedMs);
    }

    [Fact]
    public void A_clock_that_is_off_is_logged_when_it_begins_and_when_it_ends()
    {
        var log = CreateTestProbe("log");
        Sys.EventStream.SetLogLevel(LogLevel.InfoLevel);
        Sys.EventStream.Subscribe(log, typeof(Warning));
        Sys.EventStream.Subscribe(log, typeof(Info));
        // Two peers, and n1 is one of three. A long round trip is no fault of this test.
        Start("clock.max-skew = 20m");
        Hear(Given.State(Given.Member(Given.N2, Nowhere), Given.Member(Given.N3, Nowhere)));
        const long Hour = 3_600_000;
        Answer(Given.N2, 0);
        for (var i = 0; i < 3; i++) Answer(Given.N3, Hour);
        ExpectLine("the clock of node n3 is ", " ms ahead of the median of the nodes' clocks: more than 1200000 ms (dynamo.clock.max-skew)");
        for (var i = 0; i < 3; i++) Answer(Given.N3, 0);
        ExpectLine("the clock of node n3 agrees with the others again");

        Answer(Given.N2, Hour);
        Answer(Given.N3, Hour);
        // As long as only one of them is ahead, it is the one that is off.
        ExpectLine("the clock of node n2 is ", " ms ahead of the median");
        ExpectLine("this node's clock is ", " ms behind the median");
        ExpectLine("the clock of node n2 agrees with the others again");

        void Answer(NodeId node, long aheadMs)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            _gossiper.Tell(new GossipAck(Given.Origin(node), [], new ClockReading(now, now + aheadMs)), _peer);
        }

        void ExpectLine(params string[] parts)
        {
            var line = log.FishForMessage<LogEvent>(e => e.Message.ToString()!.Contains("clock", StringComparison.Ordinal), Given.Long).Message.ToString()!;
            Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        }
    }

    // ---- gossip about itself

    [Fact]
    public void Gossip_about_a_past_incarnation_is_refuted_by_a_higher_one()
    {
        Start();
        NextView();
        Hear(Given.State(Given.Member(Given.N1, Own, incarnation: 7)));
        var self = NextView().State.Members[Given.N1];
        Assert.Equal((8, Own), (self.Incarnation, self.Address));
    }

    [Fact]
    public void A_status_set_by_an_operator_is_not_refuted()
    {
        Start();
        NextView();
        Hear(Given.State(Given.Member(Given.N1, Own, incarnation: 1, MemberStatus.Removed)).WithRing(8, epoch: 2));
        Assert.Equal(MemberStatus.Removed, NextView().State.Members[Given.N1].Status);
    }

    [Fact]
    public void A_status_that_it_was_given_is_kept()
    {
        Start();
        NextView();
        Hear(Given.State(Given.Member(Given.N1, Own, incarnation: 3, MemberStatus.Leaving)).WithRing(8, epoch: 2));
        var self = NextView().State.Members[Given.N1];
        Assert.Equal((MemberStatus.Leaving, 4), (self.Status, self.Incarnation));
    }

    // ---- requests

    [Fact]
    public void A_client_with_another_directory_is_sent_the_current_one()
    {
        Start("cluster.name = five");
        var changed = NextChange();
        _gossiper.Tell(new DirectoryRequest(0), _peer);
        var directory = _peer.ExpectMsg<ClusterDirectory>(Given.Long);
        Assert.Equal(("five", Given.N1, changed.StateHash), (directory.ClusterName, directory.Node, directory.StateHash));
        Assert.Equal(changed.View.State, directory.State);
        Assert.Equal((1024, 1 << 20), (directory.Limits.MaxKeyBytes, directory.Limits.MaxValueBytes));
        _gossiper.Tell(new DirectoryRequest(directory.StateHash), _peer);
        Assert.Empty(_peer.ExpectMsg<DirectoryUnchanged>(Given.Long).Unreachable);
    }

    [Fact]
    public void Bucket_options_are_set_for_the_cluster_and_versioned()
    {
        Start();
        NextView();
        _gossiper.Tell(new SetBucket("logs", Given.Bucket(3, 1, 1)), _peer);
        Assert.Equal(new BucketSet("logs", 1), _peer.ExpectMsg<BucketSet>(Given.Long));
        _gossiper.Tell(new SetBucket("logs", Given.Bucket(3, 2, 2)), _peer);
        Assert.Equal(new BucketSet("logs", 2), _peer.ExpectMsg<BucketSet>(Given.Long));
        Assert.Equal(new QuorumRules(3, 2, 2), FishView(v => v.State.Buckets.GetValueOrDefault("logs")?.Version == 2).State.Buckets["logs"].Options.Quorum);
        _gossiper.Tell(new SetBucket("logs", Given.Bucket(3, 4, 2)), _peer);
        Assert.Equal("bucket logs: r = 4 is not from 1 to 3", _peer.ExpectMsg<AdminRefused>(Given.Long).Reason);
    }

    private void Start(string dynamo = "")
    {
        var settings = Given.Settings($"dynamo {{ gossip {{ interval = 60s, heartbeat-interval = 60s }}\n{dynamo} }}");
        _gossiper = Sys.ActorOf(Gossiper.Props(settings, Given.Member(Given.N1, Own), _engine, new Random(1), new PeerTraffic(), [_listener]));
        // One change at the start and, as in each round, one in the first round.
        NextChange();
    }

    private void Hear(ClusterState difference) => _gossiper.Tell(new GossipDelta(N2, difference, null), _peer);

    private ViewChanged NextChange() => _listener.ExpectMsg<ViewChanged>(Given.Long);

    private ClusterView NextView() => NextChange().View;

    private ClusterView FishView(Predicate<ClusterView> wanted) => _listener.FishForMessage<ViewChanged>(c => wanted(c.View), Given.Long).View;

    private static Origin N2Of(string cluster) => Given.Origin(Given.N2, cluster: cluster);

    private static ulong HashOf(ViewChanged changed)
    {
        Assert.Equal(GossipDigest.HashOf(changed.View.State), changed.StateHash);
        return changed.StateHash;
    }
}
