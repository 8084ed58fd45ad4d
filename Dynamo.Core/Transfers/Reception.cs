using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>
/// One partition that this node receives, with its progress: first in chunks from one owner, then, by comparing hash trees, whatever else any owner has.
/// </summary>
/// <param name="owners">The owners to compare with; the first of them sends the chunks.</param>
public sealed class Reception(int partition, HashRing ring, ImmutableArray<NodeId> owners, StorageKey? resumeAfter, TimeSpan began)
{
    private readonly Queue<NodeId> _toCompare = new(owners);

    public int Partition => partition;

    public NodeId Source => owners[0];

    /// <summary>The last key received; null before the first.</summary>
    public StorageKey? Cursor { get; private set; } = resumeAfter;

    public bool IsCopied { get; private set; }

    public long Keys { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The owner to compare with next; null when all have been compared.</summary>
    public NodeId? NextToCompare => _toCompare.TryPeek(out var owner) ? owner : null;

    public void Stored(StoredChunk chunk)
    {
        Keys += chunk.Keys;
        Bytes += chunk.Bytes;
        Cursor = chunk.Last ?? Cursor;
        IsCopied = chunk.IsLast;
    }

    public void Compared() => _toCompare.Dequeue();

    public PartitionProgress Progress(TimeSpan now) =>
        new(partition, Source, Keys, Bytes, IsCopied ? 1 : ring.Covered(partition, Cursor), now - began, "");
}

/// <summary>A received chunk; those of its records that belong to this node are stored.</summary>
/// <param name="Last">Its last key; null: it was empty.</param>
/// <param name="IsLast">The source has no more.</param>
public readonly record struct StoredChunk(int Keys, long Bytes, StorageKey? Last, bool IsLast);
