using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Membership;

/// <summary>What may be staged, what a plan comes to, and what a commit does with it.</summary>
public sealed class RingPlanTests
{
    private static readonly NodeId A = new("a");
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
    public void A_commit_starts_the_change_and_leaves_what_was_staged_behind()
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
    public void Whoever_plans_upon_the_same_state_makes_the_same_plan_and_other_changes_another()
    {
        var join = Staging.Stage(Three, D, ChangeKind.Join, null);
        Assert.Equal(Plan(join).Id, Plan(join).Id);
        Assert.NotEqual(Plan(join).Id, Plan(Staging.Stage(join, A, ChangeKind.Leave, null)).Id);
    }

    [Fact]
    public void Of_two_commits_at_once_one_wins_everywhere()
    {
        var (join, replace) = (Staging.Stage(Three, D, ChangeKind.Join, null), Staging.Stage(Three, A, ChangeKind.Replace, D));
        var (x, y) = (Plan(join).Commit(join, A, _ => true), Plan(replace).Commit(replace, D, _ => true));
        Assert.Equal(x.Merge(y).Ring, y.Merge(x).Ring);
        Assert.Equal(Math.Max(x.Ring.PlanId, y.Ring.PlanId), x.Merge(y).Ring.PlanId);
    }

    [Fact]
    public void A_replacement_takes_exactly_the_places_of_the_other()
    {
        var state = Staging.Stage(Three, A, ChangeKind.Replace, D);
        var plan = Plan(state);
        for (var p = 0; p < 64; p++)
            Assert.Equal(state.Ring.Serving.Owners[p].Select(o => o == A ? D : o), plan.Target.Owners[p]);
        Assert.Equal(MemberStatus.Leaving, plan.Commit(state, A, _ => true).Members[A].Status);
        Assert.Equal(MemberStatus.Removed, plan.Commit(state, D, n => n != A).Members[A].Status);
    }

    [Fact]
    public void A_node_that_stays_and_does_not_answer_is_named()
    {
        var state = Staging.Stage(Three, D, ChangeKind.Join, null);
        Assert.Contains("node b does not answer", Refused(() => Plan(state).Commit(state, A, n => n.Name != "b")), StringComparison.Ordinal);
    }

    [Fact]
    public void While_a_change_is_under_way_only_the_dead_can_be_removed()
    {
        var join = Staging.Stage(Three, D, ChangeKind.Join, null);
        var under = Plan(join).Commit(join, A, _ => true);
        var leave = Staging.Stage(under, A, ChangeKind.Leave, null);
        Assert.Contains("under way", Refused(() => Plan(leave).Commit(leave, D, _ => true)), StringComparison.Ordinal);
        var remove = Staging.Stage(under, A, ChangeKind.ForceRemove, null);
        Assert.Equal(3, Plan(remove).Commit(remove, D, n => n != A).Ring.Epoch);
    }

    [Fact]
    public void What_cannot_be_staged_says_why()
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

    private static RingPlan Plan(ClusterState state) => RingPlan.Of(state, BucketOptions.Default);

    private static string Refused(Action act) => Assert.Throws<PlanException>(act).Message;

    private static ClusterState State(params (string Name, MemberStatus Status)[] members)
    {
        var all = members.Select((m, i) => new Member(new NodeId(m.Name), new NodeAddress("127.0.0.1", 7100 + i), 1, m.Status, "", 1)).ToArray();
        var state = all.Aggregate(ClusterState.Empty, (s, m) => s.With(m));
        return state.With(RingVersion.Founding(HashRing.Founding(all.Where(m => m.Status == MemberStatus.Up).Select(m => m.Id), 64, 3)));
    }
}
