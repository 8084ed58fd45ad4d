using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Client.Admin;

/// <summary>The current and future owners of each partition, and the progress of the ring change. Partitions are numbered from 0.</summary>
public sealed class RingInfo
{
    private readonly RingVersion _ring;
    private readonly int _places;

    internal RingInfo(RingVersion ring)
    {
        _ring = ring;
        _places = Math.Max(1, ring.Serving.Owners.Sum(o => o.Length));
    }

    /// <summary>The epoch of the latest committed ring; each commit raises it. 0: there is no ring yet.</summary>
    public long Epoch => _ring.Epoch;

    /// <summary>True when no partition has to move any more.</summary>
    public bool IsSettled => _ring.IsSettled;

    /// <summary>The number of partitions: Q of the paper.</summary>
    public int PartitionCount => _ring.To.PartitionCount;

    /// <summary>Owners per partition in the latest committed ring.</summary>
    public int Replicas => _ring.To.Replicas;

    /// <summary>Nodes in the latest committed ring.</summary>
    public int NodeCount => _ring.To.Nodes.Count;

    /// <summary>The number of partitions that some new owner has not received yet.</summary>
    public int Moving => Enumerable.Range(0, PartitionCount).Count(p => !_ring.IsMoved(p));

    /// <summary>The nodes that serve the partition now, in the order of the preference list.</summary>
    public IReadOnlyList<NodeId> Owners(int partition) => _ring.Serving.Owners[partition];

    /// <summary>The future owners of the partition that have not received it yet.</summary>
    public IReadOnlyList<NodeId> Incoming(int partition) => _ring.Incoming(partition);

    /// <summary>True when all new owners have the partition.</summary>
    public bool IsMoved(int partition) => _ring.IsMoved(partition);

    /// <summary>True when the node is a current or future owner of the partition.</summary>
    public bool IsOwner(NodeId node, int partition) => _ring.Serving.Owners[partition].Contains(node) || _ring.To.Owners[partition].Contains(node);

    /// <summary>The lowest token of the partition, in hex.</summary>
    public string FirstToken(int partition) => _ring.To.Tokens(partition).First.ToString();

    /// <summary>The number of partitions that the node serves now.</summary>
    public int PartitionsOf(NodeId node) => _ring.Serving.PartitionsOwnedBy(node);

    /// <summary>The node's share of all replicas, 0 to 1.</summary>
    public double ShareOf(NodeId node) => (double)PartitionsOf(node) / _places;
}
