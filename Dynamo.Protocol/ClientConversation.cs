using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Calls;
using Dynamo.Core.DataTypes;
using Dynamo.Core.Listing;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Protocol;

/// <param name="Id">The client's own number for the request; the reply carries it.</param>
/// <param name="TimeoutMs">The coordinator's time limit; it answers by then, with a failure if need be.</param>
/// <param name="IsForwarded">A node that is no replica of the key has passed the request on; it is not passed on twice.</param>
public abstract record ClientRequest(long Id, StorageKey Key, QuorumOverrides Quorum, int TimeoutMs, bool IsForwarded);

public sealed record GetRequest(long Id, StorageKey Key, QuorumOverrides Quorum, int TimeoutMs, bool IsForwarded = false)
    : ClientRequest(Id, Key, Quorum, TimeoutMs, IsForwarded);

/// <summary>A put, or with <paramref name="IsDelete"/> a delete.</summary>
/// <param name="Context">A sealed context as a get or put returned it; empty: the write has seen nothing and replaces nothing.</param>
/// <param name="WriteId">Drawn at random by the client for each write; a resend keeps it.</param>
/// <param name="Terms">Null for a plain put or delete.</param>
public sealed record PutRequest(
    long Id, StorageKey Key, ReadOnlyMemory<byte> Context, ReadOnlyMemory<byte> Value, bool IsDelete, ulong WriteId,
    QuorumOverrides Quorum, int TimeoutMs, bool IsForwarded = false, PutTerms? Terms = null)
    : ClientRequest(Id, Key, Quorum, TimeoutMs, IsForwarded);

/// <summary>The next keys of a bucket that begin with some bytes; answered by <see cref="ListReply"/>.</summary>
/// <param name="Bucket">Empty: the names of buckets are wanted, each shown by one of its keys.</param>
/// <param name="Max">The largest number of keys in the answer. A node may answer with fewer, or none, before the end.</param>
public sealed record ListRequest(long Id, ListPlace Place, string Bucket, ReadOnlyMemory<byte> Prefix, int Max, QuorumOverrides Quorum, int TimeoutMs)
    : ClientRequest(Id, StorageKey.At(Place.After?.Token ?? Place.From), Quorum, TimeoutMs, IsForwarded: false);

/// <summary>What few puts ask for.</summary>
/// <param name="TtlMs">Milliseconds until the value expires; 0: never; null: as the bucket says.</param>
/// <param name="Operation">An update of a data type, in place of a value.</param>
/// <param name="IsAgain">Another node was sent this update before, and may have taken it.</param>
public sealed record PutTerms(PutCondition Condition = PutCondition.None, long? TtlMs = null, DataOperation? Operation = null, bool IsAgain = false);

/// <summary>The requests that gathered for one node while the last batch to it was being sent.</summary>
public sealed record ClientBatch(ImmutableArray<ClientRequest> Requests) : IWireMessage;

public abstract record ClientReply(long Id)
{
    /// <summary>Why the node did nothing of the request, so that another one may; null: the reply is the client's.</summary>
    public virtual RefusalKind? Refusal() => null;
}

/// <param name="Values">The siblings' values without tombstones; empty when the key does not exist.</param>
/// <param name="Context">Sealed; empty when the key was never written.</param>
/// <param name="Answered">The number of replicas that had answered when the reply was sent.</param>
/// <param name="HasMore">The values do not fit one message: more replies follow, each with its own values.</param>
public sealed record GetReply(long Id, ImmutableArray<ReadOnlyMemory<byte>> Values, ReadOnlyMemory<byte> Context, int Answered, bool HasMore = false) : ClientReply(Id)
{
    /// <summary>The values of data types, one of each kind: usually none, or the only value.</summary>
    public ImmutableArray<DataView> Data { get; init; } = [];
}

/// <summary>One line of a write's receipt.</summary>
/// <param name="FallbackFor">The primary for which the node keeps the write as a hint; null: the node is a primary itself.</param>
/// <param name="Synced">The write was on the node's disk when it answered.</param>
public sealed record ReceiptLine(NodeId Node, NodeId? FallbackFor, bool Synced);

/// <param name="W">The number of nodes needed.</param>
public sealed record PutReply(long Id, ReadOnlyMemory<byte> Context, int W, ImmutableArray<ReceiptLine> Took) : ClientReply(Id)
{
    /// <summary>A counter's value after the update, as the coordinator knows it.</summary>
    public long? Counter { get; init; }

    /// <summary>How the condition of a conditional put was checked.</summary>
    public ConditionCheck? Check { get; init; }
}

/// <param name="By">The node that checked the condition and coordinated the put.</param>
/// <param name="IsFirst">It is the first node of the key's preference list that it believes up, as all conditional puts need to exclude each other.</param>
/// <param name="Answered">The number of replicas that it had asked for what the key holds.</param>
public sealed record ConditionCheck(NodeId By, bool IsFirst, int Answered);

/// <param name="Next">Null: the listing is at its end.</param>
public sealed record ListReply(long Id, ImmutableArray<StorageKey> Keys, ListPlace? Next) : ClientReply(Id);

public enum FailureKind : byte
{
    /// <summary>The request itself is wrong: an empty key, a value over the limit, an impossible quorum.</summary>
    BadRequest = 0,

    /// <summary>The context is forged, truncated, or of another key or cluster.</summary>
    BadContext = 1,

    /// <summary>The node has as many requests in flight as it may; nothing was done.</summary>
    Overloaded = 2,

    /// <summary>Too few replicas answered. A write may still take effect.</summary>
    QuorumNotMet = 3,

    /// <summary>The node has no ring yet, or is no replica of the key; another one may serve.</summary>
    WrongNode = 4,

    /// <summary>The node's own store refused the write (a full disk, the bound of hints); nothing was done, and another replica may have room.</summary>
    NotStored = 5,

    /// <summary>The put's condition does not hold; nothing was done.</summary>
    ConditionFailed = 6,

    /// <summary>The update does not fit what the key holds; nothing was done.</summary>
    OperationFailed = 7,
}

/// <param name="Needed">Answers needed; with <see cref="FailureKind.QuorumNotMet"/>.</param>
/// <param name="Had">Answers received.</param>
public sealed record RequestFailed(long Id, FailureKind Kind, string Reason, int Needed = 0, int Had = 0) : ClientReply(Id)
{
    /// <summary>With <see cref="FailureKind.ConditionFailed"/>: the context of what the key holds, sealed.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    public override RefusalKind? Refusal() => Kind switch
    {
        FailureKind.Overloaded => RefusalKind.Overloaded,
        FailureKind.WrongNode => RefusalKind.WrongNode,
        FailureKind.NotStored => RefusalKind.NotStored,
        _ => null,
    };
}

/// <param name="StateHash">The hash of the node's cluster state: when it changes, the client asks for the directory again.</param>
public sealed record ClientReplies(ImmutableArray<ClientReply> Replies, ulong StateHash) : IWireMessage;
