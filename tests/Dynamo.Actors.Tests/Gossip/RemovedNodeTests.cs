using System.Collections.Immutable;
using Akka.Actor;
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

public sealed class RemovedNodeTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_node_that_has_left_refuses_operator_commands()
    {
        Member Of(NodeId id, MemberStatus status = MemberStatus.Up) => Given.Member(id, new NodeAddress("127.0.0.1", 1), 1, status);
        var engine = new MemoryEngine(new StoreId(1));
        SavedState.SaveAsync(engine, Given.State(Of(Given.N1, MemberStatus.Left), Of(Given.N2), Of(Given.N3)).WithRing(8, owners: [Given.N2, Given.N3]));
        var listener = CreateTestProbe();
        var gossiper = Sys.ActorOf(Gossiper.Props(Given.Settings("dynamo.gossip { interval = 60s, heartbeat-interval = 60s }"), Of(Given.N1), engine, new Random(1), new PeerTraffic(), [listener]));
        var admin = CreateTestProbe();
        gossiper.Tell(new SetBucket("logs", Given.Bucket(3, 1, 1)), admin);
        Assert.IsType<AdminRefused>(admin.ReceiveOne(Given.Long));
    }

    // A plan that every member knows of removed x; x has another plan for the same epoch, and answers a round.
    [Fact]
    public void A_removed_nodes_answer_does_not_undo_a_plan_that_was_carried_out()
    {
        var (a, b, c, x, y) = (Given.N1, Given.N2, Given.N3, Given.N4, new NodeId("n5"));
        Member Of(NodeId id, MemberStatus status = MemberStatus.Up) => Given.Member(id, new NodeAddress("127.0.0.1", 1), 1, status);
        var start = Given.State(Of(a), Of(b), Of(c), Of(x), Of(y, MemberStatus.Joining));
        var founding = new RingVersion(HashRing.None, new HashRing(1, HashRing.Founding([a, b, c, x], 8, 3).Owners), 1,
            new[] { a, b, c, x }.ToImmutableSortedDictionary(n => n, _ => MemberStatus.Up));
        start = start.With(founding);
        // x commits "y joins", and is cut off before anyone hears of it.
        var atX = start.Stage(y, ChangeKind.Join);
        atX = RingPlan.Of(atX, BucketOptions.Default, _ => true).Commit(atX, x, _ => true);
        // The others remove x, all know of it, and everything has moved.
        var here = start.Stage(x, ChangeKind.ForceRemove);
        here = RingPlan.Of(here, BucketOptions.Default, n => n != x).Commit(here, a, n => n != x);
        foreach (var node in new[] { a, b, c, y }) here = here.With(here.Ring.KnownBy(node));
        foreach (var move in Claim.Moves(here.Ring.From.Owners, here.Ring.To.Owners)) here = here.With(here.Ring.With(move.To, move.Partition));
        Assert.True(here.Ring.IsSettled && here.IsGoneForGood(x));
        if (!atX.Ring.IsAfter(here.Ring)) atX = atX with { Ring = new RingVersion(atX.Ring.From, atX.Ring.To, ulong.MaxValue, atX.Ring.Standings, atX.Ring.Reports) };

        var engine = new MemoryEngine(new StoreId(1));
        SavedState.SaveAsync(engine, here);
        var listener = CreateTestProbe();
        var gossiper = Sys.ActorOf(Gossiper.Props(Given.Settings("dynamo.gossip { interval = 60s, heartbeat-interval = 60s }"), Of(a), engine, new Random(1), new PeerTraffic(), [listener]));
        listener.ExpectMsg<ViewChanged>(Given.Long);
        var peer = CreateTestProbe();
        var origin = Given.Origin(x);
        // a asked a seed at x's address: x answers with its marks, receives the difference with a's marks, and answers those.
        gossiper.Tell(new GossipMarks(origin, GossipDigest.MarksOf(atX), []), peer);
        peer.FishForMessage<GossipDelta>(d => d.Marks is not null, Given.Long);
        gossiper.Tell(new GossipDelta(origin, atX, null), peer);
        gossiper.Tell(new DirectoryRequest(0), peer);
        var directory = peer.FishForMessage<ClusterDirectory>(_ => true, Given.Long);
        Assert.Equal(here.Ring.PlanId, directory.State.Ring.PlanId);
    }
}
