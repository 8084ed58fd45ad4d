using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Membership;

/// <summary>Which changes may be staged, the plan that they make, and its commit.</summary>
public sealed class RingPlanTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private static readonly NodeId C = new("c");
    private static readonly NodeId D = new("d");
    private static readonly ClusterState Three = State(("a", MemberStatus.Up), ("b", MemberStatus.Up), ("c", MemberStatus.Up), ("d", MemberStatus.Joining));

    [Fact]
    public void A_join_gives_the_new_node_its_share_and_moves_nothing_else()
    {
        var plan = Plan(Staging.Stage(Three, D, ChangeKind.Join, null));
        Assert.All(plan.Moves, m => Assert.Equal(D, m.To));
        Assert.All(plan.Target.Nodes, n => Assert.InRange(plan.Target.PartitionsOwnedBy(n), 48, 48));
        Assert.Equal(2, plan.Target.Epoch);
        Assert.Empty(plan.Risks);
    }

    [Fact]
    public void A_commit_starts_the_change_and_clears_the_staged_changes()
    {
        var state = Staging.Stage(Three, D, ChangeKind.Join, null);
        var after = Plan(state).Commit(state, A, _ => true);
        Assert.Equal(MemberStatus.Up, after.Members[D].Status);
        Assert.Equal(2, after.Ring.Epoch);
        Assert.False(after.Ring.IsSettled);
        Assert.Empty(after.Staged);
        Assert.Equal(["b", "c", "d"], after.UnawareOfChange.Select(n => n.Name));
    }

    [Fact]
    public void The_same_state_makes_the_same_plan_and_other_changes_make_another()
    {
        var join = Staging.Stage(Three, D, ChangeKind.Join, null);
        Assert.Equal(Plan(join).Id, Plan(join).Id);
        Assert.NotEqual(Plan(join).Id, Plan(Staging.Stage(join, A, ChangeKind.Leave, null)).Id);
    }

    [Fact]
    public void One_of_two_concurrent_commits_wins_everywhere()
    {
        var (join, replace) = (Staging.Stage(Three, D, ChangeKind.Join, null), Staging.Stage(Three, A, ChangeKind.Replace, D));
        var (x, y) = (Plan(join).Commit(join, A, _ => true), Plan(replace).Commit(replace, D, _ => true));
        Assert.Equal(x.Merge(y).Ring, y.Merge(x).Ring);
        Assert.Equal(Math.Max(x.Ring.PlanId, y.Ring.PlanId), x.Merge(y).Ring.PlanId);
    }

    [Theory]
    [InlineData(ChangeKind.Leave)]
    [InlineData(ChangeKind.ForceRemove)]
    [InlineData(ChangeKind.Replace)]
    public void Nothing_of_the_losing_plan_is_done(ChangeKind kind)
    {
        var (join, other) = (Staging.Stage(Three, D, ChangeKind.Join, null), Staging.Stage(Three, A, kind, kind == ChangeKind.Replace ? D : null));
        var (x, y) = (Plan(join).Commit(join, B, _ => true), Plan(other).Commit(other, C, _ => true));
        var both = x.Merge(y);
        Assert.Equal(both, y.Merge(x));
        Assert.Equal((both.Ring.PlanId == x.Ring.PlanId ? x : y).Members, both.Members);
        foreach (var member in both.Members.Values) Assert.Equal(member.Status == MemberStatus.Up, both.Ring.To.PartitionsOwnedBy(member.Id) > 0);
    }

    [Fact]
    public void A_node_that_restarted_meanwhile_is_still_in_the_plan()
    {
        var join = Staging.Stage(Three, D, ChangeKind.Join, null);
        var restarted = Three.With(Three.Members[D] with { Incarnation = 2 });
        var merged = Plan(join).Commit(join, A, _ => true).Merge(restarted);
        Assert.Equal((2, MemberStatus.Up), (merged.Members[D].Incarnation, merged.Members[D].Status));
    }

    [Fact]
    public void A_silent_replaced_node_makes_another_plan_and_one_of_the_two_wins_everywhere()
    {
        var replace = Staging.Stage(Three, A, ChangeKind.Replace, D);
        Assert.Empty(Plan(replace).Removed);
        Assert.Equal(A, Assert.Single(Plan(replace, silent: A).Removed));
        var (x, y) = (Plan(replace).Commit(replace, B, _ => true), Plan(replace, silent: A).Commit(replace, C, n => n != A));
        Assert.NotEqual(x.Ring.PlanId, y.Ring.PlanId);
        Assert.Equal(x.Merge(y), y.Merge(x));
        Assert.Equal((x.Ring.PlanId > y.Ring.PlanId ? x : y).Members[A].Status, x.Merge(y).Members[A].Status);
    }

    [Fact]
    public void A_dead_node_cannot_leave()
    {
        var leave = Staging.Stage(Three, A, ChangeKind.Leave, null);
        Assert.Contains("node a does not answer", Refused(() => Plan(leave).Commit(leave, B, n => n != A)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_died_while_leaving_holds_up_the_next_plan_until_it_is_removed()
    {
        var leave = Staging.Stage(Three, A, ChangeKind.Leave, null);
        var left = Plan(leave).Commit(leave, B, _ => true);
        for (var p = 0; p < 64; p++)
            foreach (var node in left.Ring.To.Owners[p]) left = left.With(left.Ring.With(node, p));
        var join = Staging.Stage(left, D, ChangeKind.Join, null);
        Assert.Contains("node a does not answer", Refused(() => Plan(join).Commit(join, B, n => n != A)), StringComparison.Ordinal);
        var without = Staging.Stage(join, A, ChangeKind.ForceRemove, null);
        Assert.Equal(MemberStatus.Removed, Plan(without).Commit(without, B, n => n != A).Members[A].Status);
    }

    [Fact]
    public void A_founder_that_was_not_met_holds_up_every_plan_until_it_is_removed()
    {
        var unmet = new NodeId("z");
        var state = Three with { Ring = RingVersion.None };
        state = state.With(RingVersion.Founding(HashRing.Founding([A, B, C, unmet], 64, 3)));
        var join = Staging.Stage(state, D, ChangeKind.Join, null);
        Assert.Contains("node z does not answer", Refused(() => Plan(join).Commit(join, B, n => n != unmet)), StringComparison.Ordinal);
        var without = Staging.Stage(join, unmet, ChangeKind.ForceRemove, null);
        var after = Plan(without).Commit(without, B, n => n != unmet);
        Assert.Equal(0, after.Ring.To.PartitionsOwnedBy(unmet));
        Assert.Empty(Plan(without).Lost);
    }

    [Fact]
    public void A_removed_node_is_not_asked_even_while_its_partitions_have_not_moved()
    {
        var remove = Staging.Stage(Staging.Stage(Three, A, ChangeKind.ForceRemove, null), D, ChangeKind.Join, null);
        var view = new ClusterView(B, Plan(remove).Commit(remove, B, n => n != A), []);
        Assert.True(view.Ring.PartitionsOwnedBy(A) > 0);
        Assert.False(view.IsHealthy(A));
    }

    [Fact]
    public void A_removed_node_is_gone_for_good_once_every_member_knows_of_the_plan()
    {
        var remove = Staging.Stage(Staging.Stage(Three, A, ChangeKind.ForceRemove, null), D, ChangeKind.Join, null);
        var state = Plan(remove).Commit(remove, B, n => n != A);
        Assert.True(state.Members[A].IsGone);
        Assert.False(state.IsGoneForGood(A));
        foreach (var node in new[] { C, D }) state = state.With(state.Ring.KnownBy(node));
        Assert.True(state.IsGoneForGood(A));
        Assert.False(state.IsGoneForGood(B));
    }

    [Fact]
    public void Partitions_whose_owners_are_all_removed_are_named_as_lost()
    {
        var state = State(("a", MemberStatus.Up), ("b", MemberStatus.Up), ("c", MemberStatus.Up), ("e", MemberStatus.Up));
        Assert.Empty(Plan(Staging.Stage(state, A, ChangeKind.ForceRemove, null)).Lost);
        foreach (var node in new[] { A, B, C }) state = Staging.Stage(state, node, ChangeKind.ForceRemove, null);
        var plan = Plan(state);
        Assert.Equal(Enumerable.Range(0, 64).Where(p => !state.Ring.Serving.Owners[p].Contains(new NodeId("e"))), plan.Lost);
        Assert.NotEmpty(plan.Lost);
    }

    [Fact]
    public void A_replacement_takes_exactly_the_places_of_the_other()
    {
        var state = Staging.Stage(Three, A, ChangeKind.Replace, D);
        var plan = Plan(state);
        for (var p = 0; p < 64; p++)
            Assert.Equal(state.Ring.Serving.Owners[p].Select(o => o == A ? D : o), plan.Target.Owners[p]);
        Assert.Equal(MemberStatus.Leaving, plan.Commit(state, A, _ => true).Members[A].Status);
        Assert.Equal(MemberStatus.Removed, Plan(state, silent: A).Commit(state, D, n => n != A).Members[A].Status);
        // It answered when the plan was shown. Without it, its copies are lost, and that is another plan.
        Assert.Contains("node a does not answer", Refused(() => plan.Commit(state, D, n => n != A)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_stays_and_does_not_answer_is_named()
    {
        var state = Staging.Stage(Three, D, ChangeKind.Join, null);
        Assert.Contains("node b does not answer", Refused(() => Plan(state).Commit(state, A, n => n.Name != "b")), StringComparison.Ordinal);
    }

    [Fact]
    public void During_a_change_only_dead_nodes_can_be_removed()
    {
        var join = Staging.Stage(Three, D, ChangeKind.Join, null);
        var under = Plan(join).Commit(join, A, _ => true);
        var leave = Staging.Stage(under, A, ChangeKind.Leave, null);
        Assert.Contains("under way", Refused(() => Plan(leave).Commit(leave, D, _ => true)), StringComparison.Ordinal);
        var remove = Staging.Stage(under, A, ChangeKind.ForceRemove, null);
        Assert.Equal(3, Plan(remove).Commit(remove, D, n => n != A).Ring.Epoch);
    }

    [Fact]
    public void A_change_that_cannot_be_staged_says_why()
    {
        Assert.Contains("there are a, b, c, d", Refused(() => Staging.Stage(Three, new NodeId("x"), ChangeKind.Leave, null)), StringComparison.Ordinal);
        Assert.Contains("up already", Refused(() => Staging.Stage(Three, A, ChangeKind.Join, null)), StringComparison.Ordinal);
        Assert.Contains("waits to join", Refused(() => Staging.Stage(Three, A, ChangeKind.Replace, new NodeId("b"))), StringComparison.Ordinal);
        Assert.Contains("only one that is up", Refused(() => Staging.Stage(Three, D, ChangeKind.Leave, null)), StringComparison.Ordinal);
        Assert.Contains("nothing is staged", Refused(() => Plan(Three)), StringComparison.Ordinal);
        Assert.Contains("nothing is staged", Refused(() => Plan(Staging.Clear(Staging.Stage(Three, A, ChangeKind.Leave, null)))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_node_cannot_leave() => Assert.Contains(
        "no node would be left",
        Refused(() => Plan(Staging.Stage(State(("a", MemberStatus.Up)), A, ChangeKind.Leave, null))), StringComparison.Ordinal);

    private static RingPlan Plan(ClusterState state, NodeId? silent = null) => RingPlan.Of(state, BucketOptions.Default, n => n != silent);

    private static string Refused(Action act) => Assert.Throws<PlanException>(act).Message;

    private static ClusterState State(params (string Name, MemberStatus Status)[] members)
    {
        var all = members.Select((m, i) => new Member(new NodeId(m.Name), new NodeAddress("127.0.0.1", 7100 + i), 1, m.Status, "", 1)).ToArray();
        var state = all.Aggregate(ClusterState.Empty, (s, m) => s.With(m));
        return state.With(RingVersion.Founding(HashRing.Founding(all.Where(m => m.Status == MemberStatus.Up).Select(m => m.Id), 64, 3)));
    }
}
