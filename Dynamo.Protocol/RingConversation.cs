using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Asks a node to contact another one, so that gossip brings that into the cluster.</summary>
public sealed record Introduce(NodeAddress To) : IWireMessage;

/// <summary>Asks a node whether it reaches another one at an address; answered by <see cref="ReachReport"/> when that answers, or after the time limit.</summary>
public sealed record ReachRequest(NodeId Node, NodeAddress At, int TimeoutMs) : IWireMessage;

public sealed record ReachReport(bool IsReached) : IWireMessage;

/// <summary>Stages a change for a node; answered by <see cref="ChangeAccepted"/> or <see cref="AdminRefused"/>.</summary>
/// <param name="By">With <see cref="ChangeKind.Replace"/>: the node that takes over.</param>
public sealed record StageChange(NodeId Node, ChangeKind Kind, NodeId? By) : IWireMessage;

/// <summary>Clears all staged changes.</summary>
public sealed record ClearChanges : IWireMessage
{
    public static readonly ClearChanges Instance = new();
}

/// <summary>Commits the plan of the staged changes. Refused when the node's own state leads to another plan.</summary>
public sealed record CommitPlan(long BaseEpoch, ulong PlanId) : IWireMessage;

/// <param name="Staged">The number of changes staged now.</param>
/// <param name="Epoch">The epoch of the node's current ring.</param>
public sealed record ChangeAccepted(int Staged, long Epoch) : IWireMessage;

/// <summary>Asks a node for the partitions that it is receiving or handing off, from a partition on.</summary>
public sealed record TransfersRequest(int From) : IWireMessage;

/// <summary>One partition in transfer.</summary>
/// <param name="From">Null while no source is chosen, or when the copies of a former owner go to all owners.</param>
/// <param name="Keys">Keys moved so far.</param>
/// <param name="Progress">0 to 1, by the tokens covered.</param>
/// <param name="Waiting">The reason why nothing moves now; empty: it moves.</param>
public sealed record TransferReport(int Partition, NodeId? From, NodeId? To, long Keys, long Bytes, long BytesPerSecond, double Progress, long ElapsedMs, string Waiting)
{
    /// <summary>Milliseconds to go at the pace so far; -1: unknown.</summary>
    public long RemainingMs => Progress is > 0 and < 1 ? (long)(ElapsedMs * (1 - Progress) / Progress) : -1;
}

/// <param name="Reports">By partition, as many as fit the message. Only an empty one says that there are no more.</param>
public sealed record TransferReports(ImmutableArray<TransferReport> Reports) : IWireMessage;

/// <summary>Asks an owner for records of a partition, in token order, after a key.</summary>
/// <param name="MaxBytes">The chunk ends at this size; one record always fits.</param>
public sealed record ChunkRequest(int Partition, StorageKey? After, int MaxBytes) : IWireMessage;

public sealed record TransferChunk(ImmutableArray<KeySet> Records, bool IsLast) : IWireMessage;

/// <summary>Asks a node to stop coordinating requests, or to begin again; answered by <see cref="DrainState"/>.</summary>
public sealed record DrainRequest(bool IsOn) : IWireMessage;

/// <param name="InFlight">Requests that the node still coordinates.</param>
/// <param name="HintsHeld">Hints that it still keeps for others.</param>
public sealed record DrainState(bool IsOn, int InFlight, long HintsHeld) : IWireMessage;

/// <summary>Asks a node for the number of hints it keeps for each owner.</summary>
public sealed record HintsRequest : IWireMessage
{
    public static readonly HintsRequest Instance = new();
}

public readonly record struct HintsFor(NodeId Owner, long Hints);

public sealed record HintsHeld(ImmutableArray<HintsFor> Hints) : IWireMessage;
