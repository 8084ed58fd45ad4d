using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>What a plan does to one node.</summary>
/// <param name="Before">Partitions it holds a replica of now, and <paramref name="After"/> the plan.</param>
/// <param name="Receives">Partitions that are sent to it.</param>
/// <param name="Bytes">Of them, estimated from what the owners hold now.</param>
public sealed record PlannedShare(NodeId Node, ChangeKind Change, int Before, int After, int Receives, long Bytes);

/// <summary>What one node receives, and what it hands off; null: it did not answer.</summary>
public sealed record NodeTransfers(NodeId Node, IReadOnlyList<TransferReport>? Receiving, IReadOnlyList<TransferReport>? HandingOff);

/// <summary>A plan with what it costs: estimates, as keys are spread evenly over partitions.</summary>
/// <param name="LeastBytes">The least that any plan for these shares could move.</param>
/// <param name="Silent">Nodes that do not answer: what only they hold does not travel.</param>
public sealed record PlanReport(RingPlan Plan, IReadOnlyList<PlannedShare> Shares, long Bytes, long LeastBytes, TimeSpan ExpectedTime, IReadOnlyList<NodeId> Silent)
{
    // A node takes a chunk of 256 KiB each 20 ms when nothing holds it back (dynamo.transfers), and each partition is compared with its owners.
    private const double BytesPerSecond = 12.5 * (1 << 20);
    private static readonly TimeSpan PerPartition = TimeSpan.FromMilliseconds(50);

    internal static PlanReport Of(ClusterDirectory directory, RingPlan plan, IReadOnlyList<NodeStatus?> statuses)
    {
        var now = directory.State.Ring.Serving;
        var held = statuses.Where(s => s is not null && now.PartitionsOwnedBy(s.Node) > 0).ToDictionary(s => s!.Node, s => s!.Bytes / now.PartitionsOwnedBy(s.Node));
        var average = held.Count == 0 ? 0 : (long)held.Values.Average();
        long BytesOf(int partition) => now.Owners[partition].Where(held.ContainsKey).Select(o => held[o]).DefaultIfEmpty(average).Max();

        var staged = directory.State.Staged.ToDictionary();
        var nodes = now.Nodes.Union(plan.Target.Nodes).Order();
        var shares = nodes.Select(node =>
        {
            var received = plan.Moves.Where(m => m.To == node).ToArray();
            return new PlannedShare(
                node, ChangeOf(node, staged), now.PartitionsOwnedBy(node), plan.Target.PartitionsOwnedBy(node), received.Length, received.Sum(m => BytesOf(m.Partition)));
        }).ToArray();
        var bytes = shares.Sum(s => s.Bytes);
        var least = plan.Moves.Length == 0 ? 0 : bytes * shares.Sum(s => Math.Max(0, s.After - s.Before)) / plan.Moves.Length;
        // Nodes receive side by side: the one that gets most is done last.
        var longest = shares.Select(s => (PerPartition * s.Receives) + TimeSpan.FromSeconds(s.Bytes / BytesPerSecond)).DefaultIfEmpty().Max();
        var answering = statuses.Where(s => s is not null).Select(s => s!.Node).ToHashSet();
        var silent = directory.State.Present.Where(m => !answering.Contains(m.Id)).Select(m => m.Id).ToArray();
        return new PlanReport(plan, shares, bytes, least, longest, silent);
    }

    private static ChangeKind ChangeOf(NodeId node, Dictionary<NodeId, StagedChange> staged)
    {
        if (staged.TryGetValue(node, out var change)) return change.Kind;
        return staged.Values.Any(c => c.By == node) ? ChangeKind.Join : ChangeKind.None;
    }
}
