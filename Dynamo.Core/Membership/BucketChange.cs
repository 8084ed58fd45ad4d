using Dynamo.Core.Buckets;

namespace Dynamo.Core.Membership;

/// <summary>An operator's change of a bucket's options.</summary>
public static class BucketChange
{
    /// <param name="self">The node that is told of it.</param>
    /// <returns>The state after it, and why it is refused; null: it is not.</returns>
    public static (ClusterState State, string? Refused) Set(ClusterState state, Member self, string bucket, BucketOptions options)
    {
        // The others do not gossip with it, so they would not hear of the change.
        if (self.IsGone) return (state, $"node {self.Id} has left the cluster or was removed");
        if (options.WhyNot(bucket) is { } reason) return (state, reason);
        var version = (state.Buckets.TryGetValue(bucket, out var entry) ? entry.Version : 0) + 1;
        return (state.With(bucket, new BucketEntry(version, options)), null);
    }
}
