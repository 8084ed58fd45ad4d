using Dynamo.Core.Buckets;

namespace Dynamo.Core.Membership;

/// <summary>An operator's change of a bucket's options.</summary>
public static class BucketChange
{
    /// <summary>Buckets with options of their own. Their options travel to every client in one message; other buckets need none.</summary>
    public const int MaxBuckets = 10_000;

    /// <param name="self">The node that receives the change.</param>
    /// <returns>The state after the change, and the reason why it is refused; null: it is accepted.</returns>
    public static (ClusterState State, string? Refused) Set(ClusterState state, Member self, string bucket, BucketOptions options)
    {
        // The others do not gossip with a gone node, so the change would never reach them.
        if (self.IsGone) return (state, $"node {self.Id} has left the cluster or was removed");
        if (options.WhyNot(bucket) is { } reason) return (state, reason);
        if (!state.Buckets.ContainsKey(bucket) && state.Buckets.Count >= MaxBuckets)
            return (state, $"bucket {bucket}: {MaxBuckets} buckets have options of their own, which is the limit");
        var version = (state.Buckets.TryGetValue(bucket, out var entry) ? entry.Version : 0) + 1;
        return (state.With(bucket, new BucketEntry(version, options)), null);
    }
}
