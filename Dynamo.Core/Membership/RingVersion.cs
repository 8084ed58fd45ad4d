using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>
/// The ring as the cluster agrees on it: the table that a plan leads to, the one it leads away from, and who has what by now. A partition is
/// served by its old owners until each new one has reported that it holds it; from then on by the new ones. Reports only grow, so
/// <see cref="Merge"/> is a join; of two plans for one epoch the greater id wins everywhere, and all that the other meant to do goes with it.
/// </summary>
public sealed class RingVersion : IEquatable<RingVersion>
{
    // An id's top bits, in which the first ring has its number of replicas.
    private const int ReplicasShift = 56;

    public static readonly RingVersion None = new(HashRing.None, HashRing.None, 0, ImmutableSortedDictionary<NodeId, MemberStatus>.Empty);

    /// <param name="from">What served before; <see cref="HashRing.None"/> for the first ring.</param>
    /// <param name="planId">Drawn from both tables and what else the plan does, so that two plans have two.</param>
    /// <param name="standings">Where each node stands that any plan up to this one said something of; one that is not named waits to join.</param>
    /// <param name="reports">Of each node that knows of the plan the partitions it has received by it.</param>
    public RingVersion(
        HashRing from, HashRing to, ulong planId, ImmutableSortedDictionary<NodeId, MemberStatus> standings, ImmutableSortedDictionary<NodeId, PartitionSet>? reports = null)
    {
        From = from;
        To = to;
        PlanId = planId;
        Standings = standings;
        Reports = reports ?? ImmutableSortedDictionary<NodeId, PartitionSet>.Empty;
        Serving = Serve();
    }

    public HashRing From { get; }

    public HashRing To { get; }

    public ulong PlanId { get; }

    public ImmutableSortedDictionary<NodeId, MemberStatus> Standings { get; }

    public ImmutableSortedDictionary<NodeId, PartitionSet> Reports { get; }

    /// <summary>Who answers for each partition now: what requests go by.</summary>
    public HashRing Serving { get; }

    public long Epoch => To.Epoch;

    public bool IsSettled => ReferenceEquals(Serving, To);

    /// <summary>The first ring. Of founders that are set to different numbers of replicas, or to different founders, the greatest number of replicas wins.</summary>
    public static RingVersion Founding(HashRing ring) => new(
        HashRing.None, ring, ((ulong)ring.Replicas << ReplicasShift) | (HashOf(ring) >> (64 - ReplicasShift)),
        ring.Nodes.ToImmutableSortedDictionary(n => n, _ => MemberStatus.Up));

    /// <summary>The id of what leads from one table to another and does more besides.</summary>
    public static ulong IdOf(HashRing from, HashRing to, Action<ByteWriter> besides)
    {
        var writer = new ByteWriter(4096);
        foreach (var table in (ReadOnlySpan<HashRing>)[from, to]) Write(writer, table);
        besides(writer);
        return Hash(writer);
    }

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
        var reports = Reports;
        foreach (var (node, received) in other.Reports)
            reports = reports.SetItem(node, reports.TryGetValue(node, out var known) ? known.Union(received) : received);
        // One plan has one set of standings. They are merged all the same, so that this stays a join whatever a peer sends.
        var standings = Standings;
        foreach (var (node, status) in other.Standings)
            if (!standings.TryGetValue(node, out var known) || status > known) standings = standings.SetItem(node, status);
        return reports.SequenceEqual(Reports) && ReferenceEquals(standings, Standings) ? this : new RingVersion(From, To, PlanId, standings, reports);
    }

    public bool Equals(RingVersion? other) =>
        ReferenceEquals(this, other) || (other is not null && IsSamePlan(other) && To.Equals(other.To) && From.Equals(other.From)
            && Standings.SequenceEqual(other.Standings) && Reports.SequenceEqual(other.Reports));

    public override bool Equals(object? obj) => Equals(obj as RingVersion);

    public override int GetHashCode() => HashCode.Combine(Epoch, PlanId);

    private RingVersion With(NodeId node, PartitionSet received) => new(From, To, PlanId, Standings, Reports.SetItem(node, received));

    private static ulong HashOf(HashRing table)
    {
        var writer = new ByteWriter(4096);
        Write(writer, table);
        return Hash(writer);
    }

    private static void Write(ByteWriter to, HashRing table)
    {
        to.Count(table.Epoch);
        to.Count(table.PartitionCount);
        foreach (var owners in table.Owners)
        {
            to.Count(owners.Length);
            foreach (var owner in owners) to.Text(owner.Name);
        }
    }

    private static ulong Hash(ByteWriter written)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(written.Written, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private HashRing Serve() => From.IsNone || Enumerable.Range(0, To.PartitionCount).All(IsMoved)
        ? To
        : new HashRing(To.Epoch, [.. Enumerable.Range(0, To.PartitionCount).Select(p => IsMoved(p) ? To.Owners[p] : From.Owners[p])]);
}
