using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>The owners of partitions and keys, by one node's view of the cluster and the N of each bucket.</summary>
/// <param name="fallback">The options of a bucket that has none of its own.</param>
public sealed class Ownership(ClusterView view, BucketOptions fallback)
{
    // Buckets may have more replicas than the default; their keys lie in the same partitions.
    private readonly int _maxReplicas = view.State.MaxReplicas(fallback);

    public ClusterView View => view;

    /// <summary>The owners of any bucket's keys in the partition.</summary>
    public ImmutableArray<NodeId> Owners(int partition) => [.. view.Ring.Primaries(partition, _maxReplicas)];

    /// <summary>The owners that are not healthy now.</summary>
    public ImmutableArray<NodeId> Silent(int partition) => [.. Owners(partition).Where(o => !view.IsHealthy(o))];

    /// <summary>The node owns some bucket's keys in the partition.</summary>
    public bool IsOwner(NodeId node, int partition) => view.Ring.IsPrimary(node, partition, _maxReplicas);

    public bool IsOwner(NodeId node, int partition, StorageKey key) => view.Ring.IsPrimary(node, partition, view.State.ReplicasOf(key, fallback));

    /// <summary>This node may be asked to compare the partition.</summary>
    /// <remarks>The ring's lists are as long as the largest N was when they were planned: a transfer compares with all of them.</remarks>
    public bool IsInList(int partition) => IsOwner(view.Self, partition) || view.Ring.Owners[partition].Contains(view.Self);

    /// <summary>A plan gives this node the partition, which it does not serve yet.</summary>
    public bool IsIncoming(int partition) => view.State.Ring.Incoming(partition).Contains(view.Self);

    /// <summary>This node owns some bucket's keys in the partition, or is about to.</summary>
    public bool IsMine(int partition) => IsOwner(view.Self, partition) || IsIncoming(partition);

    /// <summary>Some bucket has so few replicas that this node is no owner of its keys in the partition.</summary>
    public bool IsOwnerOfSomeOnly(int partition) =>
        IsOwner(view.Self, partition) && !IsIncoming(partition) && !view.Ring.IsPrimary(view.Self, partition, view.State.MinReplicas(fallback));

    /// <summary>This node owns the key in the ring that a plan leads to. Late in a partition's list it owns no keys of buckets with few replicas.</summary>
    public bool IsToOwn(int partition, StorageKey key) => view.State.Ring.To.IsPrimary(view.Self, partition, view.State.ReplicasOf(key, fallback));

    /// <summary>The peer owns the key, and this node does or is about to.</summary>
    public bool AreBothOwners(NodeId peer, StorageKey key)
    {
        var partition = view.Ring.PartitionOf(key.Token);
        return IsOwner(peer, partition, key) && (IsOwner(view.Self, partition, key) || IsIncoming(partition));
    }
}
