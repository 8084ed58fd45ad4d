using Dynamo.Actors.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>An operator's word on the ring, and the steps of a change under way, as changes of the cluster's state.</summary>
internal static class RingChanges
{
    /// <returns>The state after it (the same if it is refused), and what to answer.</returns>
    public static (ClusterState State, IWireMessage Answer) Apply(ClusterView view, BucketOptions fallback, IWireMessage change)
    {
        try
        {
            var state = change switch
            {
                StageChange stage => Staging.Stage(view.State, stage.Node, stage.Kind, stage.By),
                ClearChanges => Staging.Clear(view.State),
                CommitPlan commit => Commit(view, fallback, commit),
                _ => throw new ArgumentException($"{change.GetType()} changes no ring", nameof(change)),
            };
            return (state, new ChangeAccepted(state.Staged.Count(), state.Ring.Epoch));
        }
        catch (PlanException e)
        {
            return (view.State, new AdminRefused(e.Message));
        }
    }

    /// <summary>A partition has come: by the plan under way, or by one that was overtaken and is not reported any more.</summary>
    public static ClusterState Apply(ClusterView view, PartitionReceived received)
    {
        var ring = view.State.Ring;
        return ring.Epoch == received.Epoch && ring.PlanId == received.PlanId ? view.State.With(ring.With(view.Self, received.Partition)) : view.State;
    }

    private static ClusterState Commit(ClusterView view, BucketOptions fallback, CommitPlan commit)
    {
        if (view.State.Ring.Epoch != commit.BaseEpoch)
            throw new PlanException($"the ring is at epoch {view.State.Ring.Epoch} by now, and the plan was made upon epoch {commit.BaseEpoch}: plan again");
        bool IsReachable(NodeId node) => node == view.Self || view.IsHealthy(node);
        var plan = RingPlan.Of(view.State, fallback, IsReachable);
        return plan.Id == commit.PlanId
            ? plan.Commit(view.State, view.Self, IsReachable)
            : throw new PlanException("what is staged, or which replaced node answers, is not what was planned: look at the plan again");
    }
}
