using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Asks a node for its status.</summary>
public sealed record StatusRequest : IWireMessage
{
    public static readonly StatusRequest Instance = new();
}

/// <param name="UptimeMs">Milliseconds since the node's actors started.</param>
/// <param name="HintsHeld">Hints that this node keeps for others.</param>
/// <param name="BackgroundShare">The speed of background work, up to 1: it yields when the foreground is slow.</param>
/// <param name="ForegroundP99Ms">99th percentile latency of the requests that this node coordinated in the last ten seconds.</param>
/// <param name="IsDraining">The node coordinates nothing and takes no hints: an operator is about to stop it.</param>
/// <param name="ClockLeadMs">How far its wall clock is ahead of the median of the nodes' clocks; negative: behind.</param>
/// <param name="IsClockOff">By more than dynamo.clock.max-skew.</param>
/// <param name="StoreFailure">Why its store refuses writes now; empty: it does not.</param>
public sealed record NodeStatus(
    NodeId Node, string Version, int ProcessId, long UptimeMs, string Engine, long RingEpoch, int Members, ulong StateHash,
    ImmutableArray<NodeId> Unreachable, long Keys, long Bytes, long HintsHeld, double BackgroundShare, double ForegroundP99Ms, bool IsDraining,
    long ClockLeadMs = 0, bool IsClockOff = false, string StoreFailure = "")
    : IWireMessage
{
    /// <summary>What an operator should look at, one sentence each: settings that differ between nodes, nodes that are refused.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>The cause of a write that came to a replica.</summary>
public enum WriteCause : byte
{
    /// <summary>A client's write, from its coordinator.</summary>
    Put = 0,

    ReadRepair = 1,

    /// <summary>A fallback hands over a hint.</summary>
    Hint = 2,

    AntiEntropy = 3,

    /// <summary>A change of the ring: to a new owner, or back from a former one.</summary>
    Transfer = 4,
}

/// <summary>Asks one node for all it knows about one key.</summary>
public sealed record ExplainRequest(StorageKey Key) : IWireMessage;

/// <param name="Name">The write's dot.</param>
public sealed record SiblingReport(string Name, bool IsTombstone, int Bytes);

/// <param name="Clock">The writes that the node has seen of the key; empty when it holds nothing.</param>
/// <param name="Digest">Equal on nodes that hold the same set.</param>
/// <param name="HintsFor">Nodes for which this one keeps a hint of the key.</param>
/// <param name="LastRepairMs">Milliseconds since the last write that was not a client's; -1: the node remembers none.</param>
public sealed record KeyReport(
    NodeId Node, string Clock, ulong Digest, ImmutableArray<SiblingReport> Siblings, ImmutableArray<NodeId> HintsFor, long LastRepairMs, WriteCause LastRepair)
    : IWireMessage
{
    /// <summary>Siblings that a report names; a key with more fills no message.</summary>
    public const int MaxSiblings = 50_000;

    /// <summary>Characters of the clock, which is cut beyond them.</summary>
    public const int MaxClockLength = 64 << 10;
}

/// <summary>Asks one node for the digests of its own keys in a range of tokens, both ends included, after a key.</summary>
public sealed record ScanRequest(Token First, Token Last, StorageKey? After, int Max) : IWireMessage;

/// <param name="IsLast">There are no more keys in the range; true only for an empty page.</param>
public sealed record ScanPage(ImmutableArray<KeyDigest> Keys, bool IsLast) : IWireMessage;

/// <summary>Sets a bucket's options, for the whole cluster.</summary>
public sealed record SetBucket(string Bucket, BucketOptions Options) : IWireMessage;

/// <param name="Version">The number of times the bucket was set; gossip spreads the options to all nodes.</param>
public sealed record BucketSet(string Bucket, long Version) : IWireMessage;

/// <summary>The node refuses an operator's request, with the reason.</summary>
public sealed record AdminRefused(string Reason) : IWireMessage;
