using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Listing;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Protocol;

/// <param name="HintFor">Read the hint kept for this node, not the replica's own record.</param>
/// <param name="DigestOnly">Answer with the set's digest.</param>
public sealed record ReadItem(StorageKey Key, NodeId? HintFor, bool DigestOnly);

/// <summary>The reads that gathered for one replica; answered by one <see cref="ReadAnswers"/>, in the same order.</summary>
public sealed record ReadBatch(ImmutableArray<ReadItem> Items) : IWireMessage;

/// <param name="Set">Null for a digest read, and if the set does not fit the answer: then read it by <see cref="SliceRequest"/>.</param>
/// <param name="IsFailed">The record cannot be read; neither set nor digest is known.</param>
public readonly record struct ReadAnswer(VersionSet? Set, ulong Digest, bool IsFailed = false)
{
    public static readonly ReadAnswer Failed = new(null, 0, IsFailed: true);
}

public sealed record ReadAnswers(ImmutableArray<ReadAnswer> Answers) : IWireMessage;

/// <summary>Reads one record in slices, each of which fits one message; answered by <see cref="SetSlice"/>.</summary>
/// <param name="HintFor">As in <see cref="ReadItem"/>.</param>
/// <param name="After">The last dot of the slice before; null: the first slice is wanted.</param>
public sealed record SliceRequest(StorageKey Key, NodeId? HintFor, Dot? After) : IWireMessage;

/// <param name="Set">A valid set of some of the record's siblings; null: the record cannot be read.</param>
/// <param name="Last">Its last dot; null: no slices follow.</param>
public sealed record SetSlice(VersionSet? Set, Dot? Last) : IWireMessage;

/// <param name="HintFor">Keep it as a hint for this node, which is down; null: the receiver is a replica itself.</param>
public sealed record WriteItem(StorageKey Key, VersionSet Set, NodeId? HintFor, ConflictMode Conflicts, WriteCause Cause);

/// <summary>The sets that gathered for one replica to merge in; answered by one <see cref="WriteAnswers"/>, in the same order.</summary>
public sealed record WriteBatch(ImmutableArray<WriteItem> Items) : IWireMessage;

public enum WriteOutcome : byte
{
    Stored = 0,

    /// <summary>Stored, and on disk.</summary>
    Synced = 1,

    /// <summary>Not stored: a bound (of hints, of the queue, of the disk) is reached.</summary>
    Refused = 2,
}

/// <summary>A write that a last-write-wins record keeps in the place of the one it was sent: it has a later stamp, and has not seen that one.</summary>
/// <param name="Item">The place in the batch.</param>
/// <param name="StampMs">Milliseconds since 1970.</param>
public readonly record struct KeptWrite(int Item, long StampMs);

/// <param name="Kept">Items that were merged in and did not win; usually none.</param>
public sealed record WriteAnswers(ImmutableArray<WriteOutcome> Outcomes, ImmutableArray<KeptWrite> Kept) : IWireMessage
{
    public WriteAnswers(ImmutableArray<WriteOutcome> outcomes)
        : this(outcomes, [])
    {
    }

    /// <summary>The stamp of the write that was kept in the item's place; null: the item was taken, or refused.</summary>
    public long? KeptMsOf(int item)
    {
        foreach (var kept in Kept)
            if (kept.Item == item) return kept.StampMs;
        return null;
    }
}

/// <summary>A listing's question to one replica: its next keys of a range of tokens, both ends included; answered by <see cref="KeysPage"/>.</summary>
/// <param name="After">The last key of the page before; null: the first page is wanted.</param>
/// <param name="Bucket">Empty: one key of each bucket in the page is wanted.</param>
/// <param name="Prefix">The first bytes of the keys wanted.</param>
public sealed record KeysRequest(Token First, Token Last, StorageKey? After, string Bucket, ReadOnlyMemory<byte> Prefix, int Max) : IWireMessage;

public sealed record KeysPage(ReplicaPage Page) : IWireMessage;

/// <summary>Asks one node for the state of some keys.</summary>
public sealed record KeyStatesRequest(ImmutableArray<StorageKey> Keys) : IWireMessage;

/// <param name="HasHint">The node keeps a hint of the key for another node.</param>
public readonly record struct KeyState(ulong Digest, bool HasHint);

public sealed record KeyStates(ImmutableArray<KeyState> States) : IWireMessage;

/// <summary>A key with the set that a replica holds, or held.</summary>
public sealed record KeySet(StorageKey Key, VersionSet Set);

/// <summary>Tombstones that all primaries hold; each drops those that it still holds unchanged. Answered by one <see cref="WriteAnswers"/>.</summary>
public sealed record ReapBatch(ImmutableArray<KeySet> Items) : IWireMessage;
