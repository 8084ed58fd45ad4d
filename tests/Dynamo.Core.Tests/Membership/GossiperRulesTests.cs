using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Membership;

/// <summary>The rules of a gossiper: which nodes it talks to, what it tells them, and its own membership.</summary>
public sealed class GossiperRulesTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private static readonly Founding NoFounder = new([], 8, 3);
    private static readonly ClusterState Two = ClusterState.Empty.With(Of(A)).With(Of(B));

    // ---- rounds

    [Fact]
    public void A_peer_that_does_not_answer_within_half_an_interval_is_named_once()
    {
        var rounds = new GossipRounds(TimeSpan.FromSeconds(1), [], new Random(1));
        Assert.Null(rounds.TakeUnanswered(0));
        Assert.Equal(Of(B).Address, Assert.Single(rounds.Next([Of(B)], _ => false, Two, Of(A).Address, nowMs: 0)));
        Assert.Equal(B, rounds.TakeUnanswered(500));
        Assert.Null(rounds.TakeUnanswered(500));
    }

    [Fact]
    public void A_peer_that_answered_or_was_just_asked_is_not_named()
    {
        var rounds = new GossipRounds(TimeSpan.FromSeconds(1), [], new Random(1));
        rounds.Next([Of(B)], _ => false, Two, Of(A).Address, nowMs: 0);
        Assert.False(rounds.Answered(A));
        Assert.True(rounds.Answered(B));
        Assert.False(rounds.Answered(B));
        Assert.Null(rounds.TakeUnanswered(1000));
        rounds.Next([Of(B)], _ => false, Two, Of(A).Address, nowMs: 1000);
        Assert.Null(rounds.TakeUnanswered(1499));
    }

    [Fact]
    public void A_node_that_is_alone_asks_its_seeds_but_not_itself()
    {
        var (own, seed) = (Of(A).Address, new NodeAddress("seed", 1));
        Assert.Equal(seed, Assert.Single(new GossipRounds(TimeSpan.FromSeconds(1), [seed], new Random(1)).Next([], _ => false, Two, own, 0)));
        Assert.Empty(new GossipRounds(TimeSpan.FromSeconds(1), [own], new Random(1)).Next([], _ => false, Two, own, 0));
    }

    [Fact]
    public void Until_all_founders_are_met_the_seeds_are_asked_in_each_round()
    {
        var seed = new NodeAddress("seed", 1);
        var rounds = new GossipRounds(TimeSpan.FromSeconds(1), [seed], new Random(1));
        var founding = Two.With(RingVersion.Founding(HashRing.Founding([A, B, new NodeId("c")], 8, 3)));
        for (var i = 0; i < 20; i++) Assert.Equal(new[] { Of(B).Address, seed }, rounds.Next([Of(B)], _ => false, founding, Of(A).Address, 0).ToArray());
    }

    // ---- exchanges

    [Fact]
    public void A_syn_with_the_same_hash_is_answered_with_nothing()
    {
        var exchange = new GossipExchange(1000, 1000, isNew: false);
        Assert.Null(exchange.Answer(7, Two, 7));
        Assert.Equal([A, B], exchange.Answer(8, Two, 7)!.Members.Select(m => m.Id));
    }

    [Fact]
    public void When_marks_do_not_fit_the_next_exchange_continues_after_them()
    {
        var exchange = new GossipExchange(markBytes: 1, 1000, isNew: false);
        Assert.Equal(A, exchange.Answer(8, Two, 7)!.UpTo);
        Assert.Equal(A, exchange.Answer(8, Two, 7)!.After);
    }

    [Fact]
    public void A_known_node_with_an_empty_store_begins_another_incarnation_once()
    {
        var exchange = new GossipExchange(1000, 1000, isNew: true);
        Assert.False(exchange.MeetsFormerLife(GossipDigest.MarksOf(ClusterState.Empty.With(Of(B))), A));
        Assert.True(exchange.MeetsFormerLife(GossipDigest.MarksOf(Two), A));
        Assert.False(exchange.MeetsFormerLife(GossipDigest.MarksOf(Two), A));
    }

    [Fact]
    public void Its_own_gossip_is_not_mistaken_for_a_former_incarnation()
    {
        var exchange = new GossipExchange(1000, 1000, isNew: true);
        Assert.Equal([A], exchange.Difference(Two, GossipDigest.MarksOf(ClusterState.Empty.With(Of(B))), A).Members.Keys);
        Assert.False(exchange.MeetsFormerLife(GossipDigest.MarksOf(Two), A));
    }

    [Fact]
    public void A_gone_nodes_ring_is_ignored()
    {
        var ring = RingVersion.Founding(HashRing.Founding([A, B], 8, 3));
        var left = Two.With(Of(B) with { Status = MemberStatus.Left });
        Assert.True(GossipExchange.Accept(left, B, ClusterState.Empty.With(ring)).Ring.Serving.IsNone);
        Assert.False(GossipExchange.Accept(Two, B, ClusterState.Empty.With(ring)).Ring.Serving.IsNone);
    }

    // ---- its own member entry

    [Fact]
    public void Gossip_about_a_past_incarnation_is_refuted_and_the_status_kept()
    {
        var (self, state) = OwnMember.Adopt(Of(A), Two.With(Of(A) with { Incarnation = 5, Address = new NodeAddress("old", 1), Status = MemberStatus.Leaving }), NoFounder);
        Assert.Equal((6, MemberStatus.Leaving, Of(A).Address), (self.Incarnation, self.Status, self.Address));
        Assert.Equal(self, state.Members[A]);
    }

    [Fact]
    public void Its_removal_is_not_refuted()
    {
        var (self, _) = OwnMember.Adopt(Of(A), Two.With(Of(A) with { Incarnation = 5, Status = MemberStatus.Removed }), NoFounder);
        Assert.Equal((5, MemberStatus.Removed), (self.Incarnation, self.Status));
    }

    [Fact]
    public void A_founder_makes_the_first_ring_and_another_node_does_not()
    {
        Assert.False(OwnMember.Adopt(Of(A), Two, new Founding([A, B], 8, 3)).State.Ring.Serving.IsNone);
        Assert.True(OwnMember.Adopt(Of(A), Two, new Founding([B], 8, 3)).State.Ring.Serving.IsNone);
    }

    [Fact]
    public void A_node_reports_that_it_knows_of_a_plan()
    {
        var founding = Two.With(RingVersion.Founding(HashRing.Founding([A, B], 8, 3)));
        var planned = RingPlan.Of(founding.Stage(B, ChangeKind.Leave), BucketOptions.Default, _ => true).Commit(founding.Stage(B, ChangeKind.Leave), B, _ => true);
        Assert.DoesNotContain(A, planned.Ring.Reports.Keys);
        Assert.Contains(A, OwnMember.Adopt(planned.Members[A], planned, NoFounder).State.Ring.Reports.Keys);
    }

    [Fact]
    public void A_suspected_incarnation_is_refuted_by_a_higher_one()
    {
        Assert.Equal(2, OwnMember.Refute(Of(A), 1).Incarnation);
        Assert.Equal(8, OwnMember.Refute(Of(A), 7).Incarnation);
    }

    // ---- buckets

    [Fact]
    public void Each_change_of_a_bucket_has_the_next_version()
    {
        var (once, refused) = BucketChange.Set(Two, Of(A), "carts", BucketOptions.Default);
        Assert.Null(refused);
        Assert.Equal(2, BucketChange.Set(once, Of(A), "carts", BucketOptions.Default).State.Buckets["carts"].Version);
    }

    [Fact]
    public void A_gone_node_and_impossible_options_are_refused()
    {
        Assert.Contains("has left", BucketChange.Set(Two, Of(A) with { Status = MemberStatus.Left }, "carts", BucketOptions.Default).Refused, StringComparison.Ordinal);
        var impossible = BucketOptions.Default with { Quorum = QuorumRules.Default with { R = 9 } };
        var (state, refused) = BucketChange.Set(Two, Of(A), "carts", impossible);
        Assert.NotNull(refused);
        Assert.Equal(Two, state);
    }

    // ---- commits

    [Fact]
    public void A_plan_for_another_ring_or_other_changes_is_not_committed()
    {
        var founded = Two.With(RingVersion.Founding(HashRing.Founding([A, B], 8, 3)));
        var view = new ClusterView(A, founded.Stage(B, ChangeKind.Leave), []);
        var plan = RingPlan.Of(view.State, BucketOptions.Default, _ => true);
        Assert.Contains("the plan was made for epoch", Refused(() => Staging.Commit(view, BucketOptions.Default, plan.BaseEpoch + 1, plan.Id)), StringComparison.Ordinal);
        Assert.Contains("look at the plan again", Refused(() => Staging.Commit(view, BucketOptions.Default, plan.BaseEpoch, plan.Id + 1)), StringComparison.Ordinal);
        Assert.Equal(2, Staging.Commit(view, BucketOptions.Default, plan.BaseEpoch, plan.Id).Ring.Epoch);
    }

    [Fact]
    public void A_received_partition_counts_for_its_own_plan_only()
    {
        var founded = Two.With(RingVersion.Founding(HashRing.Founding([A, B], 8, 3)));
        Assert.Same(founded, founded.Received(A, 1, epoch: 2, founded.Ring.PlanId));
        Assert.True(founded.Received(A, 1, founded.Ring.Epoch, founded.Ring.PlanId).Ring.Reports[A].Contains(1));
    }

    private static string Refused(Action act) => Assert.Throws<PlanException>(act).Message;

    private static Member Of(NodeId id) => new(id, new NodeAddress(id.Name, 1), 1, MemberStatus.Up, "", 1);
}
