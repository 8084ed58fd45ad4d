using System.Collections.Immutable;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;

namespace Dynamo.Http.Documents;

// The names are those of the CLI's --json.

internal sealed record StatusDocument(
    string Cluster, long Epoch, int Partitions, int Replicas, int Moving, IReadOnlyList<NodeDocument> Nodes, IReadOnlyList<ChangeDocument> Staged, IReadOnlyList<string> Gone);

/// <param name="UnseenBy">Nodes that believe this one down.</param>
/// <param name="Report">What the node says of itself; absent: it does not answer.</param>
internal sealed record NodeDocument(
    string Node, string Address, string Status, string Zone, int Weight, IReadOnlyList<string> UnseenBy, int Partitions, double Share, bool Answers, NodeReport? Report)
{
    public static NodeDocument Of(MemberInfo member, NodeStatus? status, RingInfo ring, IEnumerable<NodeStatus?> all) => new(
        member.Id.Name, member.Address.ToString(), member.Status.ToString().ToLowerInvariant(), member.Zone, member.Weight,
        [.. all.Where(s => s?.Unreachable.Contains(member.Id) == true).Select(s => s!.Node.Name)], ring.PartitionsOf(member.Id), Math.Round(ring.ShareOf(member.Id), 4),
        status is not null, status is null ? null : NodeReport.Of(status));
}

/// <param name="BackgroundShare">Speed of its background work, 0 to 1.</param>
/// <param name="StoreFailure">Why its store takes no writes; empty: it does.</param>
internal sealed record NodeReport(
    long Keys, long Bytes, long Hints, string Engine, double BackgroundShare, double P99Ms, string Version, long UptimeMs, bool Draining, long ClockLeadMs, bool ClockOff,
    string StoreFailure, int ProcessId, IReadOnlyList<string> Warnings)
{
    public static NodeReport Of(NodeStatus status) => new(
        status.Keys, status.Bytes, status.HintsHeld, status.Engine, status.BackgroundShare, status.ForegroundP99.TotalMilliseconds, status.Version,
        (long)status.Uptime.TotalMilliseconds, status.IsDraining, (long)status.ClockLead.TotalMilliseconds, status.IsClockOff, status.StoreFailure, status.ProcessId, status.Warnings);
}

/// <param name="Change">join, leave, replace or force-remove.</param>
/// <param name="By">Of replace: the node that takes over.</param>
internal sealed record ChangeDocument(string Node, string Change, string? By)
{
    public static ChangeDocument Of(StagedInfo staged) => new(staged.Node.Name, WordOf(staged.Change), staged.By?.Name);

    public static string WordOf(RingChange change) => change == RingChange.ForceRemove ? "force-remove" : change == RingChange.None ? "" : change.ToString().ToLowerInvariant();
}

/// <summary>The changes that the next commit carries out.</summary>
internal sealed record StagedDocument(long Epoch, IReadOnlyList<ChangeDocument> Staged);

internal sealed record RingDocument(long Epoch, int Partitions, int Replicas, bool Settled, IReadOnlyList<PartitionDocument> Table);

/// <param name="ToCome">Future owners that have not received it yet.</param>
/// <param name="AtRisk">On fewer nodes or zones than it has replicas.</param>
internal sealed record PartitionDocument(int Partition, IReadOnlyList<string> Owners, IReadOnlyList<string> ToCome, bool AtRisk);

/// <param name="Left">Partitions still to move.</param>
/// <param name="Silent">Nodes that do not answer.</param>
internal sealed record TransfersDocument(long Epoch, bool Settled, int Left, IReadOnlyList<TransferDocument> Transfers, IReadOnlyList<string> Silent);

/// <param name="Kind">receive or hand-off.</param>
/// <param name="Waiting">What it waits for; empty: it goes on.</param>
internal sealed record TransferDocument(
    string Node, string Kind, int Partition, string? From, string? To, long Keys, long Bytes, long BytesPerSecond, double Progress, long ElapsedMs, long? RemainingMs, string Waiting)
{
    public static TransferDocument Of(NodeId node, string kind, PartitionTransfer t) => new(
        node.Name, kind, t.Partition, t.From?.Name, t.To?.Name, t.Keys, t.Bytes, t.BytesPerSecond, Math.Round(t.Progress, 4), (long)t.Elapsed.TotalMilliseconds,
        (long?)t.Remaining?.TotalMilliseconds, t.Waiting);
}

internal sealed record HintsDocument(long Hints, IReadOnlyList<HolderDocument> Nodes);

/// <param name="For">Hints by the node that they are for.</param>
internal sealed record HolderDocument(string Node, bool Answers, IReadOnlyDictionary<string, long> For);

internal sealed record ExplanationDocument(string Key, string Token, int Partition, int N, int R, bool Equal, IReadOnlyList<ReplicaDocument> Replicas, IReadOnlyList<string> Words)
{
    public static ExplanationDocument Of(Explanation explained) => new(
        explained.Key, explained.Token, explained.Partition, explained.N, explained.R, explained.AreReplicasEqual,
        [.. explained.Replicas.Select(ReplicaDocument.Of)], explained.Words);
}

/// <param name="Clock">The writes of the key that the node has seen.</param>
internal sealed record ReplicaDocument(
    string Node, bool Primary, bool Answers, bool BelievedDown, string? Clock, int? Siblings, int? Tombstones, IReadOnlyList<string>? HintsFor, string? LastRepair, long? LastRepairMs)
{
    public static ReplicaDocument Of(ReplicaExplanation replica) => new(
        replica.Node.Name, replica.IsPrimary, replica.Report is not null, replica.IsBelievedDown, replica.Report?.Clock,
        replica.Report?.Siblings.Count(s => !s.IsTombstone), replica.Report?.Siblings.Count(s => s.IsTombstone), replica.Report?.HintsFor.Select(n => n.Name).ToImmutableArray(),
        replica.Report?.LastRepair.ToString().ToLowerInvariant(), (long?)replica.Report?.LastRepairAge?.TotalMilliseconds);
}

/// <param name="Plan">The plan's id, for a commit.</param>
/// <param name="LeastBytes">The least that any plan for these shares would transfer.</param>
/// <param name="Lost">Partitions with no owner left.</param>
/// <param name="Removed">Nodes that hand nothing over.</param>
internal sealed record PlanDocument(
    string Plan, long BaseEpoch, IReadOnlyList<ShareDocument> Nodes, int Moves, long Bytes, long LeastBytes, long ExpectedMs,
    IReadOnlyList<RiskDocument> Risks, IReadOnlyList<int> Lost, IReadOnlyList<string> Removed, IReadOnlyList<string> Silent)
{
    public static PlanDocument Of(PlanReport plan) => new(
        plan.Id, plan.BaseEpoch, [.. plan.Shares.Select(ShareDocument.Of)], plan.Moves, plan.Bytes, plan.MinBytes, (long)plan.ExpectedTime.TotalMilliseconds,
        [.. plan.Risks.Select(r => new RiskDocument(r.Partition, r.Nodes, r.Zones))], plan.Lost, [.. plan.Removed.Select(n => n.Name)], [.. plan.Silent.Select(n => n.Name)]);
}

internal sealed record ShareDocument(string Node, string Change, int Before, int After, double Share, int Receives, long Bytes)
{
    public static ShareDocument Of(PlannedShare s) => new(s.Node.Name, ChangeDocument.WordOf(s.Change), s.Before, s.After, Math.Round(s.Share, 4), s.Receives, s.Bytes);
}

internal sealed record RiskDocument(int Partition, int Nodes, int Zones);

internal sealed record CommitDocument(string Plan, long Epoch, int Moves);

/// <param name="Hints">Hints that the node still keeps for others.</param>
internal sealed record DrainDocument(string Node, bool Draining, int InFlight, long Hints, bool Done);

/// <param name="Address">host:port of a running node.</param>
internal sealed record JoinOrder(string? Address = null);

internal sealed record LeaveOrder(string? Node = null);

/// <param name="Plan">The id that the plan showed; absent: whatever the plan is now.</param>
internal sealed record CommitOrder(string? Plan = null);

/// <param name="Node">Absent: the node that answers.</param>
internal sealed record DrainOrder(bool On = true, string? Node = null);
