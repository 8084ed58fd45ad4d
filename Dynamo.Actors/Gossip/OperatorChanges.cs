using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Applies an operator's messages about ring and buckets to the cluster state.</summary>
internal static class OperatorChanges
{
    /// <param name="self">The node that received the message.</param>
    /// <returns>The new state (unchanged if refused) and the answer to send.</returns>
    public static (ClusterState State, IWireMessage Answer) Apply(ClusterView view, Member self, BucketOptions fallback, IWireMessage change)
    {
        if (change is SetBucket set) return Apply(view.State, self, set);
        try
        {
            var state = change switch
            {
                StageChange stage => Staging.Stage(view.State, stage.Node, stage.Kind, stage.By),
                ClearChanges => Staging.Clear(view.State),
                CommitPlan commit => Staging.Commit(view, fallback, commit.BaseEpoch, commit.PlanId),
                _ => throw new ArgumentException($"{change.GetType()} is not a change of the ring", nameof(change)),
            };
            return (state, new ChangeAccepted(state.Staged.Count(), state.Ring.Epoch));
        }
        catch (PlanException e)
        {
            return (view.State, new AdminRefused(e.Message));
        }
    }

    private static (ClusterState State, IWireMessage Answer) Apply(ClusterState state, Member self, SetBucket set)
    {
        var (changed, refused) = BucketChange.Set(state, self, set.Bucket, set.Options);
        return (changed, refused is null ? new BucketSet(set.Bucket, changed.Buckets[set.Bucket].Version) : new AdminRefused(refused));
    }
}
