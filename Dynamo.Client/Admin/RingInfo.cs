using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Client.Admin;

/// <summary>Who owns each partition, who is to own it, and how far the change is. Partitions are numbered from 0.</summary>
public sealed class RingInfo
{
    private readonly RingVersion _ring;
    private readonly int _places;

    internal RingInfo(RingVersion ring)
    {
        _ring = ring;
        _places = Math.Max(1, ring.Serving.Owners.Sum(o => o.Length));
    }

    /// <summary>The number of the table that serves or is to serve; raised by each commit. 0: there is none yet.</summary>
    public long Epoch => _ring.Epoch;

    /// <summary>No partition has to move any more.</summary>
    public bool IsSettled => _ring.IsSettled;

    /// <summary>How many there are: Q of the paper.</summary>
    public int PartitionCount => _ring.To.PartitionCount;

    /// <summary>Owners of each partition, in the table that is to serve.</summary>
    public int Replicas => _ring.To.Replicas;

    /// <summary>The nodes of the table that is to serve.</summary>
    public int NodeCount => _ring.To.Nodes.Count;

    /// <summary>Partitions that some new owner has not received yet.</summary>
    public int Moving => Enumerable.Range(0, PartitionCount).Count(p => !_ring.IsMoved(p));

    /// <summary>Who answers for the partition now, in the order of the preference list.</summary>
    public IReadOnlyList<NodeId> Owners(int partition) => _ring.Serving.Owners[partition];

    /// <summary>Who is to own the partition and has not received it yet.</summary>
    public IReadOnlyList<NodeId> Incoming(int partition) => _ring.Incoming(partition);

    /// <summary>All new owners have the partition.</summary>
    public bool IsMoved(int partition) => _ring.IsMoved(partition);

    /// <summary>The node owns the partition, or is to.</summary>
    public bool IsOwner(NodeId node, int partition) => _ring.Serving.Owners[partition].Contains(node) || _ring.To.Owners[partition].Contains(node);

    /// <summary>The lowest token of the partition, in hex.</summary>
    public string FirstToken(int partition) => _ring.To.Tokens(partition).First.ToString();

    /// <summary>Partitions that the node answers for now.</summary>
    public int PartitionsOf(NodeId node) => _ring.Serving.PartitionsOwnedBy(node);

    /// <summary>The part of all replicas that the node holds, 0 to 1.</summary>
    public double ShareOf(NodeId node) => (double)PartitionsOf(node) / _places;
}
