using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>What a plan does to one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Change">What was staged for it.</param>
/// <param name="Before">Partitions it holds a replica of now.</param>
/// <param name="After">And after the plan.</param>
/// <param name="Share">The part of all replicas that it holds then, 0 to 1.</param>
/// <param name="Receives">Partitions that are sent to it.</param>
/// <param name="Bytes">Of them, estimated from what the owners hold now.</param>
public sealed record PlannedShare(NodeId Node, RingChange Change, int Before, int After, double Share, int Receives, long Bytes);

/// <summary>A partition that changes hands.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Owners">Who owns it now, in the order of the preference list.</param>
/// <param name="Afterwards">And after the plan.</param>
public sealed record PlannedOwners(int Partition, IReadOnlyList<NodeId> Owners, IReadOnlyList<NodeId> Afterwards);

/// <summary>A plan with what it costs: estimates, as keys are spread evenly over partitions.</summary>
public sealed class PlanReport
{
    // A node takes a chunk of 256 KiB each 20 ms when nothing holds it back (dynamo.transfers), and each partition is compared with its owners.
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
        // Nodes receive side by side: the one that gets most is done last.
        ExpectedTime = Shares.Select(s => (PerPartition * s.Receives) + TimeSpan.FromSeconds(s.Bytes / BytesPerSecond)).DefaultIfEmpty().Max();
        var answering = statuses.Where(s => s is not null).Select(s => s!.Node).ToHashSet();
        Silent = [.. directory.State.Present.Where(m => !answering.Contains(m.Id)).Select(m => m.Id)];
        Owners = [.. plan.Target.Owners.Index().Where(o => !o.Item.AsSpan().SequenceEqual(now.Owners[o.Index].AsSpan())).Select(o => new PlannedOwners(o.Index, now.Owners[o.Index], o.Item))];

        long BytesOf(int partition) => now.Owners[partition].Where(held.ContainsKey).Select(o => held[o]).DefaultIfEmpty(average).Max();
    }

    /// <summary>Names the plan: 16 hex digits. Whoever plans upon the same ring, with the same changes staged and the same nodes answering, gets the same.</summary>
    public string Id => Plan.Id.ToString("x16");

    /// <summary>The epoch of the ring that it was made upon.</summary>
    public long BaseEpoch => Plan.BaseEpoch;

    /// <summary>The epoch of the ring that it leads to.</summary>
    public long Epoch => Plan.Target.Epoch;

    /// <summary>What it does to each node.</summary>
    public IReadOnlyList<PlannedShare> Shares { get; }

    /// <summary>The partitions that change hands.</summary>
    public IReadOnlyList<PlannedOwners> Owners { get; }

    /// <summary>Replicas that are copied to a node.</summary>
    public int Moves => Plan.Moves.Length;

    /// <summary>The partitions that these are of.</summary>
    public int PartitionsMoved => Plan.Moves.DistinctBy(m => m.Partition).Count();

    /// <summary>Keys and values that travel.</summary>
    public long Bytes { get; }

    /// <summary>The least that any plan for these shares could move.</summary>
    public long MinBytes { get; }

    /// <summary>How long that takes on nodes that have nothing else to do.</summary>
    public TimeSpan ExpectedTime { get; }

    /// <summary>Partitions that have fewer nodes or zones than they should afterwards.</summary>
    public IReadOnlyList<PartitionAtRisk> Risks => [.. Plan.Risks.Select(r => new PartitionAtRisk(r.Partition, r.Nodes, r.Zones))];

    /// <summary>Partitions none of whose owners is left: what only these held is gone.</summary>
    public IReadOnlyList<int> Lost => Plan.Lost;

    /// <summary>Nodes that hand nothing over: those removed by force, and replaced ones that do not answer. What only they hold is lost.</summary>
    public IReadOnlyList<NodeId> Removed => Plan.Removed;

    /// <summary>Nodes that do not answer: what only they hold does not travel.</summary>
    public IReadOnlyList<NodeId> Silent { get; }

    internal RingPlan Plan { get; }

    private static RingChange ChangeOf(NodeId node, Dictionary<NodeId, StagedChange> staged)
    {
        if (staged.TryGetValue(node, out var change)) return (RingChange)change.Kind;
        return staged.Values.Any(c => c.By == node) ? RingChange.Join : RingChange.None;
    }
}
