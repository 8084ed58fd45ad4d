using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Protocol;

/// <param name="HintFor">Read what is kept for this node as a hint, not the replica's own record.</param>
/// <param name="DigestOnly">Answer with the set's digest.</param>
public sealed record ReadItem(StorageKey Key, NodeId? HintFor, bool DigestOnly);

/// <summary>The reads that gathered for one replica; answered by one <see cref="ReadAnswers"/>, in the same order.</summary>
public sealed record ReadBatch(ImmutableArray<ReadItem> Items) : IWireMessage;

/// <param name="Set">Null in answer to a digest read, and where the answer would be too large: then it is to be asked for again.</param>
/// <param name="IsFailed">The record cannot be read; neither is known.</param>
public readonly record struct ReadAnswer(VersionSet? Set, ulong Digest, bool IsFailed = false)
{
    public static readonly ReadAnswer Failed = new(null, 0, IsFailed: true);
}

public sealed record ReadAnswers(ImmutableArray<ReadAnswer> Answers) : IWireMessage;

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

public sealed record WriteAnswers(ImmutableArray<WriteOutcome> Outcomes) : IWireMessage;

/// <summary>Asks how some keys stand at one node.</summary>
public sealed record KeyStatesRequest(ImmutableArray<StorageKey> Keys) : IWireMessage;

/// <param name="HasHint">The node keeps a write of the key for somebody.</param>
public readonly record struct KeyState(ulong Digest, bool HasHint);

public sealed record KeyStates(ImmutableArray<KeyState> States) : IWireMessage;

/// <summary>What a replica holds, or held, of a key.</summary>
public sealed record KeySet(StorageKey Key, VersionSet Set);

/// <summary>Tombstones that all primaries hold, dropped by each that still holds exactly this; answered by one <see cref="WriteAnswers"/>.</summary>
public sealed record ReapBatch(ImmutableArray<KeySet> Items) : IWireMessage;
