using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Asks a node to get in touch with another one, so that gossip brings it in.</summary>
public sealed record Introduce(NodeAddress To) : IWireMessage;

/// <summary>Stages a change for a node; answered by <see cref="ChangeAccepted"/> or <see cref="AdminRefused"/>.</summary>
/// <param name="By">With <see cref="ChangeKind.Replace"/>: the node that takes over.</param>
public sealed record StageChange(NodeId Node, ChangeKind Kind, NodeId? By) : IWireMessage;

/// <summary>Clears all staged changes.</summary>
public sealed record ClearChanges : IWireMessage
{
    public static readonly ClearChanges Instance = new();
}

/// <summary>Makes the staged changes' plan the ring. Refused when the node makes another plan of what it knows.</summary>
public sealed record CommitPlan(long BaseEpoch, ulong PlanId) : IWireMessage;

/// <param name="Staged">How many changes are staged now.</param>
/// <param name="Epoch">Of the ring that the node goes by now.</param>
public sealed record ChangeAccepted(int Staged, long Epoch) : IWireMessage;

/// <summary>Asks a node what it is receiving, or what it is handing off.</summary>
public sealed record TransfersRequest : IWireMessage
{
    public static readonly TransfersRequest Instance = new();
}

/// <summary>One partition on its way.</summary>
/// <param name="From">Null while no source is chosen, or when the copies of a former owner go to all owners.</param>
/// <param name="Keys">That came so far.</param>
/// <param name="Progress">0 to 1, by the tokens covered.</param>
/// <param name="Waiting">Why nothing moves at the moment; empty: it moves.</param>
public sealed record TransferReport(int Partition, NodeId? From, NodeId? To, long Keys, long Bytes, long BytesPerSecond, double Progress, long ElapsedMs, string Waiting)
{
    /// <summary>Milliseconds to go at the pace so far; -1: unknown.</summary>
    public long RemainingMs => Progress is > 0 and < 1 ? (long)(ElapsedMs * (1 - Progress) / Progress) : -1;
}

public sealed record TransferReports(ImmutableArray<TransferReport> Reports) : IWireMessage;

/// <summary>Asks an owner for records of a partition, in token order, after a key.</summary>
/// <param name="MaxBytes">The chunk ends when it is that large; one record always fits.</param>
public sealed record ChunkRequest(int Partition, StorageKey? After, int MaxBytes) : IWireMessage;

public sealed record TransferChunk(ImmutableArray<KeySet> Records, bool IsLast) : IWireMessage;

/// <summary>Asks a node to stop coordinating requests, or to begin again; answered by <see cref="DrainState"/>.</summary>
public sealed record DrainRequest(bool IsOn) : IWireMessage;

/// <param name="InFlight">Requests that the node still coordinates.</param>
/// <param name="HintsHeld">Writes it still keeps for others.</param>
public sealed record DrainState(bool IsOn, int InFlight, long HintsHeld) : IWireMessage;

/// <summary>Asks a node for whom it keeps hints.</summary>
public sealed record HintsRequest : IWireMessage
{
    public static readonly HintsRequest Instance = new();
}

public readonly record struct HintsFor(NodeId Owner, long Hints);

public sealed record HintsHeld(ImmutableArray<HintsFor> Hints) : IWireMessage;
