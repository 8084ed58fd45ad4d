using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Asks a node how it is.</summary>
public sealed record StatusRequest : IWireMessage
{
    public static readonly StatusRequest Instance = new();
}

/// <param name="UptimeMs">Since the node's actors started.</param>
/// <param name="HintsHeld">Writes that this node keeps for others.</param>
/// <param name="BackgroundShare">How fast background work goes, of 1: it yields when the foreground is slow.</param>
/// <param name="ForegroundP99Ms">Of the requests this node coordinated in the last ten seconds.</param>
/// <param name="IsDraining">It coordinates nothing and takes no hints: an operator means to stop it.</param>
public sealed record NodeStatus(
    NodeId Node, string Version, int ProcessId, long UptimeMs, string Engine, long RingEpoch, int Members, ulong StateHash,
    ImmutableArray<NodeId> Unreachable, long Keys, long Bytes, long HintsHeld, double BackgroundShare, double ForegroundP99Ms, bool IsDraining)
    : IWireMessage;

/// <summary>Why a write came to a replica other than from a client.</summary>
public enum WriteCause : byte
{
    /// <summary>A client's write, from its coordinator.</summary>
    Put = 0,

    ReadRepair = 1,

    /// <summary>A fallback hands over what it kept.</summary>
    Hint = 2,

    AntiEntropy = 3,

    /// <summary>A change of the ring: to a new owner, or back from a former one.</summary>
    Transfer = 4,
}

/// <summary>Asks one node for all it knows of one key.</summary>
public sealed record ExplainRequest(StorageKey Key) : IWireMessage;

/// <param name="Name">The write's dot.</param>
public sealed record SiblingReport(string Name, bool IsTombstone, int Bytes);

/// <param name="Clock">The writes that the node has seen of the key; empty when it holds nothing.</param>
/// <param name="Digest">Equal on nodes that hold the same.</param>
/// <param name="HintsFor">Nodes for which this one keeps a write of the key.</param>
/// <param name="LastRepairMs">How long ago a write came that was not a client's; -1: none that the node remembers.</param>
public sealed record KeyReport(
    NodeId Node, string Clock, ulong Digest, ImmutableArray<SiblingReport> Siblings, ImmutableArray<NodeId> HintsFor, long LastRepairMs, WriteCause LastRepair)
    : IWireMessage;

/// <summary>Asks one node for the digests of its own keys in a range of tokens, both ends included, after a key.</summary>
public sealed record ScanRequest(Token First, Token Last, StorageKey? After, int Max) : IWireMessage;

/// <param name="IsLast">There are no more in the range; only a page without keys says so.</param>
public sealed record ScanPage(ImmutableArray<KeyDigest> Keys, bool IsLast) : IWireMessage;

/// <summary>Sets a bucket's options, for the whole cluster.</summary>
public sealed record SetBucket(string Bucket, BucketOptions Options) : IWireMessage;

/// <param name="Version">How many times the bucket was set; gossip takes it to all nodes.</param>
public sealed record BucketSet(string Bucket, long Version) : IWireMessage;

/// <summary>The node cannot do what was asked, and why.</summary>
public sealed record AdminRefused(string Reason) : IWireMessage;
