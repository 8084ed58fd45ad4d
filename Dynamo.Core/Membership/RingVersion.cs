using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>
/// The ring as the cluster agrees on it: the table that a plan leads to, the one it leads away from, and who has what by now. A partition is
/// served by its old owners until each new one has reported that it holds it; from then on by the new ones. Reports only grow, so
/// <see cref="Merge"/> is a join; of two plans for one epoch the greater id wins everywhere, and the reports on the other go with it.
/// </summary>
public sealed class RingVersion : IEquatable<RingVersion>
{
    public static readonly RingVersion None = new(HashRing.None, HashRing.None, 0, ImmutableSortedDictionary<NodeId, PartitionSet>.Empty);

    /// <param name="from">What served before; <see cref="HashRing.None"/> for the first ring.</param>
    /// <param name="planId">Drawn from the plan, so that two plans have two.</param>
    /// <param name="reports">Of each node that knows of the plan the partitions it has received by it.</param>
    public RingVersion(HashRing from, HashRing to, ulong planId, ImmutableSortedDictionary<NodeId, PartitionSet> reports)
    {
        From = from;
        To = to;
        PlanId = planId;
        Reports = reports;
        Serving = Serve();
    }

    public HashRing From { get; }

    public HashRing To { get; }

    public ulong PlanId { get; }

    public ImmutableSortedDictionary<NodeId, PartitionSet> Reports { get; }

    /// <summary>Who answers for each partition now: what requests go by.</summary>
    public HashRing Serving { get; }

    public long Epoch => To.Epoch;

    public bool IsSettled => ReferenceEquals(Serving, To);

    /// <summary>The first ring. Founders that are set to different numbers of replicas agree on the greatest.</summary>
    public static RingVersion Founding(HashRing ring) => new(HashRing.None, ring, (ulong)ring.Replicas, ImmutableSortedDictionary<NodeId, PartitionSet>.Empty);

    public bool IsAfter(RingVersion other) => (Epoch, PlanId).CompareTo((other.Epoch, other.PlanId)) > 0;

    public bool IsSamePlan(RingVersion other) => Epoch == other.Epoch && PlanId == other.PlanId;

    public bool IsMoved(int partition)
    {
        if (From.IsNone) return true;
        foreach (var node in To.Owners[partition])
            if (!From.Owners[partition].Contains(node) && !(Reports.TryGetValue(node, out var received) && received.Contains(partition))) return false;
        return true;
    }

    /// <summary>The nodes that are to own the partition and do not serve it yet: writes go to them too, and count in no quorum.</summary>
    public ImmutableArray<NodeId> Incoming(int partition) =>
        IsSettled || IsMoved(partition) ? [] : [.. To.Owners[partition].Where(n => !From.Owners[partition].Contains(n))];

    /// <summary>The node has received the partition.</summary>
    public RingVersion With(NodeId node, int partition) => With(node, Reports.GetValueOrDefault(node).Add(partition));

    /// <summary>The node knows of the plan.</summary>
    public RingVersion KnownBy(NodeId node) => Reports.ContainsKey(node) ? this : With(node, PartitionSet.Empty);

    public RingVersion Merge(RingVersion other)
    {
        if (!IsSamePlan(other)) return other.IsAfter(this) ? other : this;
        var merged = Reports;
        foreach (var (node, received) in other.Reports)
            merged = merged.SetItem(node, merged.TryGetValue(node, out var known) ? known.Union(received) : received);
        return merged.SequenceEqual(Reports) ? this : new RingVersion(From, To, PlanId, merged);
    }

    public bool Equals(RingVersion? other) =>
        ReferenceEquals(this, other) || (other is not null && IsSamePlan(other) && To.Equals(other.To) && From.Equals(other.From) && Reports.SequenceEqual(other.Reports));

    public override bool Equals(object? obj) => Equals(obj as RingVersion);

    public override int GetHashCode() => HashCode.Combine(Epoch, PlanId);

    private RingVersion With(NodeId node, PartitionSet received) => new(From, To, PlanId, Reports.SetItem(node, received));

    private HashRing Serve() => From.IsNone || Enumerable.Range(0, To.PartitionCount).All(IsMoved)
        ? To
        : new HashRing(To.Epoch, [.. Enumerable.Range(0, To.PartitionCount).Select(p => IsMoved(p) ? To.Owners[p] : From.Owners[p])]);
}
