using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>Checks and carries out an operator's staging and commits.</summary>
public static class Staging
{
    /// <exception cref="PlanException">There is no such node, or its status does not allow the change.</exception>
    public static ClusterState Stage(ClusterState state, NodeId node, ChangeKind kind, NodeId? by)
    {
        // A founder that never came is known only by its place in the ring.
        if (kind == ChangeKind.ForceRemove && state.IsUnmetOwner(node)) return state.Stage(node, kind, by);
        var member = Known(state, node);
        switch (kind)
        {
            case ChangeKind.Join when member.Status != MemberStatus.Joining:
                throw new PlanException($"node {node} is {Word(member)} already");
            case ChangeKind.Leave when member.Status != MemberStatus.Up:
                throw new PlanException($"node {node} is {Word(member)}: only one that is up can leave");
            case ChangeKind.Replace:
                CheckReplacement(state, member, by);
                break;
            case ChangeKind.ForceRemove when member.IsGone:
                throw new PlanException($"node {node} is {Word(member)} already");
        }
        return state.Stage(node, kind, by);
    }

    public static ClusterState Clear(ClusterState state) =>
        state.Staged.ToArray().Aggregate(state, (s, change) => s.Stage(change.Key, ChangeKind.None));

    /// <summary>Commits the staged changes if they are still those that the operator was shown.</summary>
    /// <exception cref="PlanException">The ring or the plan has changed since, or the plan cannot be committed.</exception>
    public static ClusterState Commit(ClusterView view, BucketOptions fallback, long baseEpoch, ulong planId)
    {
        var (state, epoch) = (view.State, view.State.Ring.Epoch);
        if (epoch != baseEpoch) throw new PlanException($"the ring is at epoch {epoch} now, but the plan was made for epoch {baseEpoch}: plan again");
        var plan = RingPlan.Of(state, fallback, IsReachable);
        return plan.Id == planId
            ? plan.Commit(state, view.Self, IsReachable)
            : throw new PlanException("the staged changes, or the replaced nodes that answer, are not those of the plan: look at the plan again");

        bool IsReachable(NodeId node) => node == view.Self || view.IsHealthy(node);
    }

    private static void CheckReplacement(ClusterState state, Member old, NodeId? by)
    {
        if (old.IsGone) throw new PlanException($"node {old.Id} is {Word(old)} already");
        if (by is not { } successor) throw new PlanException($"no node is named to replace {old.Id}");
        var member = Known(state, successor);
        if (member.Status != MemberStatus.Joining) throw new PlanException($"node {successor} is {Word(member)}: a replacement is a node that waits to join");
        if (state.Staged.Any(s => s.Key != old.Id && s.Value.By == successor)) throw new PlanException($"node {successor} is staged to replace another node");
    }

    private static Member Known(ClusterState state, NodeId node) => state.Members.TryGetValue(node, out var member)
        ? member : throw new PlanException($"there is no node {node}: there are {string.Join(", ", state.Members.Keys)}");

    private static string Word(Member member) => member.Status.ToString().ToLowerInvariant();
}
