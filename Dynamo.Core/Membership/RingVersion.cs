using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>
/// The ring as the cluster agrees on it: a plan's old and new table, and the partitions that each node has received so far. Old owners serve a
/// partition until every new one has reported that it holds the partition; from then on the new ones do. Reports only grow, so
/// <see cref="Merge"/> is a join. Of two plans for one epoch the greater id wins everywhere, and the other plan is dropped whole.
/// </summary>
public sealed class RingVersion : IEquatable<RingVersion>
{
    // The first ring has its number of replicas in the top bits of its id.
    private const int ReplicasShift = 56;

    public static readonly RingVersion None = new(HashRing.None, HashRing.None, 0, ImmutableSortedDictionary<NodeId, MemberStatus>.Empty);

    /// <param name="from">The table that served before; <see cref="HashRing.None"/> for the first ring.</param>
    /// <param name="planId">A hash of both tables and of the plan's other effects, so that two plans have different ids.</param>
    /// <param name="standings">The status of each node that this plan or an earlier one names; any other node waits to join.</param>
    /// <param name="reports">The partitions received under the plan, for each node that knows of the plan.</param>
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

    /// <summary>The owners that serve each partition now; requests follow this table.</summary>
    public HashRing Serving { get; }

    public long Epoch => To.Epoch;

    public bool IsSettled => ReferenceEquals(Serving, To);

    /// <summary>The first ring. If the founders' settings differ, in replicas or in founders, the greatest number of replicas wins.</summary>
    public static RingVersion Founding(HashRing ring) => new(
        HashRing.None, ring, ((ulong)ring.Replicas << ReplicasShift) | (HashOf(ring) >> (64 - ReplicasShift)),
        ring.Nodes.ToImmutableSortedDictionary(n => n, _ => MemberStatus.Up));

    /// <summary>The id of a plan from one table to another, with its other effects.</summary>
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

    /// <summary>The nodes that will own the partition but do not serve it yet: writes go to them too, and count in no quorum.</summary>
    public ImmutableArray<NodeId> Incoming(int partition) =>
        IsSettled || IsMoved(partition) ? [] : [.. To.Owners[partition].Where(n => !From.Owners[partition].Contains(n))];

    /// <summary>Records that the node has received the partition.</summary>
    public RingVersion With(NodeId node, int partition) => With(node, Reports.GetValueOrDefault(node).Add(partition));

    /// <summary>Records that the node knows of the plan.</summary>
    public RingVersion KnownBy(NodeId node) => Reports.ContainsKey(node) ? this : With(node, PartitionSet.Empty);

    public RingVersion Merge(RingVersion other)
    {
        if (!IsSamePlan(other)) return other.IsAfter(this) ? other : this;
        var reports = Reports;
        foreach (var (node, received) in other.Reports)
            reports = reports.SetItem(node, reports.TryGetValue(node, out var known) ? known.Union(received) : received);
        // A plan has one set of standings; merging them anyway keeps this a join whatever a peer sends.
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
