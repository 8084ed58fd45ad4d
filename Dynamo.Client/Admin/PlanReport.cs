using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>The effect of a plan on one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Change">The change staged for the node.</param>
/// <param name="Before">Partitions of which it holds a replica now.</param>
/// <param name="After">Partitions of which it holds a replica after the plan.</param>
/// <param name="Share">Its share of all replicas after the plan, 0 to 1.</param>
/// <param name="Receives">Partitions that it receives.</param>
/// <param name="Bytes">Bytes that it receives, estimated from what the owners hold now.</param>
public sealed record PlannedShare(NodeId Node, RingChange Change, int Before, int After, double Share, int Receives, long Bytes);

/// <summary>A partition whose owners change.</summary>
/// <param name="Partition">Partition number, from 0.</param>
/// <param name="Owners">The current owners, in the order of the preference list.</param>
/// <param name="Afterwards">The owners after the plan.</param>
public sealed record PlannedOwners(int Partition, IReadOnlyList<NodeId> Owners, IReadOnlyList<NodeId> Afterwards);

/// <summary>A plan and its estimated cost. Estimates assume that keys are spread evenly over partitions.</summary>
public sealed class PlanReport
{
    // An unhindered node takes one chunk of 256 KiB every 20 ms (dynamo.transfers), and compares each partition with its owners.
    private const double BytesPerSecond = 12.5 * (1 << 20);
    private static readonly TimeSpan PerPartition = TimeSpan.FromMilliseconds(50);

    internal PlanReport(ClusterDirectory directory, RingPlan plan, IReadOnlyList<Protocol.NodeStatus?> statuses)
    {
        Plan = plan;
        var now = directory.State.Ring.Serving;
        var held = statuses.Where(s => s is not null && now.PartitionsOwnedBy(s.Node) > 0).ToDictionary(s => s!.Node, s => s!.Bytes / now.PartitionsOwnedBy(s.Node));
        var average = held.Count == 0 ? 0 : (long)held.Values.Average();
        var staged = directory.State.Staged.ToDictionary();
        double places = Math.Max(1, plan.Target.Owners.Sum(o => o.Length));
        Shares =
        [
            .. now.Nodes.Union(plan.Target.Nodes).Order().Select(node =>
            {
                var received = plan.Moves.Where(m => m.To == node).ToArray();
                var after = plan.Target.PartitionsOwnedBy(node);
                return new PlannedShare(
                    node, ChangeOf(node, staged), now.PartitionsOwnedBy(node), after, after / places, received.Length, received.Sum(m => BytesOf(m.Partition)));
            }),
        ];
        Bytes = Shares.Sum(s => s.Bytes);
        MinBytes = plan.Moves.Length == 0 ? 0 : Bytes * Shares.Sum(s => Math.Max(0, s.After - s.Before)) / plan.Moves.Length;
        // Nodes receive in parallel, so the one that receives most finishes last.
        ExpectedTime = Shares.Select(s => (PerPartition * s.Receives) + TimeSpan.FromSeconds(s.Bytes / BytesPerSecond)).DefaultIfEmpty().Max();
        var answering = statuses.Where(s => s is not null).Select(s => s!.Node).ToHashSet();
        Silent = [.. directory.State.Present.Where(m => !answering.Contains(m.Id)).Select(m => m.Id)];
        Owners = [.. plan.Target.Owners.Index().Where(o => !o.Item.AsSpan().SequenceEqual(now.Owners[o.Index].AsSpan())).Select(o => new PlannedOwners(o.Index, now.Owners[o.Index], o.Item))];

        long BytesOf(int partition) => now.Owners[partition].Where(held.ContainsKey).Select(o => held[o]).DefaultIfEmpty(average).Max();
    }

    /// <summary>The plan's id, 16 hex digits. The same ring, staged changes and answering nodes give the same id.</summary>
    public string Id => Plan.Id.ToString("x16");

    /// <summary>The epoch of the ring that the plan starts from.</summary>
    public long BaseEpoch => Plan.BaseEpoch;

    /// <summary>The epoch of the ring that the plan produces.</summary>
    public long Epoch => Plan.Target.Epoch;

    /// <summary>The effect of the plan on each node.</summary>
    public IReadOnlyList<PlannedShare> Shares { get; }

    /// <summary>The partitions whose owners change.</summary>
    public IReadOnlyList<PlannedOwners> Owners { get; }

    /// <summary>The number of replicas copied to a node.</summary>
    public int Moves => Plan.Moves.Length;

    /// <summary>The number of partitions with a replica that moves.</summary>
    public int PartitionsMoved => Plan.Moves.DistinctBy(m => m.Partition).Count();

    /// <summary>Bytes of keys and values to transfer, estimated.</summary>
    public long Bytes { get; }

    /// <summary>The least that any plan for these shares would transfer, in bytes, estimated.</summary>
    public long MinBytes { get; }

    /// <summary>Estimated duration on otherwise idle nodes.</summary>
    public TimeSpan ExpectedTime { get; }

    /// <summary>Partitions that are on too few nodes or zones after the plan.</summary>
    public IReadOnlyList<PartitionAtRisk> Risks => [.. Plan.Risks.Select(r => new PartitionAtRisk(r.Partition, r.Nodes, r.Zones))];

    /// <summary>Partitions with no owner left: data that only those owners held is lost.</summary>
    public IReadOnlyList<int> Lost => Plan.Lost;

    /// <summary>Nodes that hand nothing over: those removed by force, and replaced ones that do not answer. Data that only they hold is lost.</summary>
    public IReadOnlyList<NodeId> Removed => Plan.Removed;

    /// <summary>Nodes that do not answer: data that only they hold is not transferred.</summary>
    public IReadOnlyList<NodeId> Silent { get; }

    internal RingPlan Plan { get; }

    private static RingChange ChangeOf(NodeId node, Dictionary<NodeId, StagedChange> staged)
    {
        if (staged.TryGetValue(node, out var change)) return (RingChange)change.Kind;
        return staged.Values.Any(c => c.By == node) ? RingChange.Join : RingChange.None;
    }
}
