using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>Makes the first ring, which needs no agreement: each founder derives the same one from its settings.</summary>
/// <param name="Replicas">The default N of the buckets.</param>
public sealed record Founding(ImmutableArray<NodeId> Founders, int Partitions, int Replicas)
{
    public ClusterState Found(ClusterState state, NodeId self) => state.Ring.Serving.IsNone && Founders.Contains(self)
        ? state.With(RingVersion.Founding(HashRing.Founding(Founders, Partitions, Replicas))) : state;
}
