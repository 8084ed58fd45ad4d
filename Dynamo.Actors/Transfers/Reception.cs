using System.Collections.Immutable;
using Dynamo.Actors.Shared;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>
/// One partition that this node receives: first in chunks from one owner, then, by comparing hash trees, what any other owner has more. Holds how far it
/// is; the actor does the asking.
/// </summary>
internal sealed class Reception(int partition, HashRing ring, ImmutableArray<NodeId> owners, TimeSpan began)
{
    private readonly Queue<NodeId> _toCompare = new(owners);

    public int Partition => partition;

    public NodeId Source => owners[0];

    public StorageKey? Cursor { get; private set; }

    public bool IsCopied { get; private set; }

    public long Keys { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The owner to compare with next; null when all are equal with this node.</summary>
    public NodeId? NextToCompare => _toCompare.TryPeek(out var owner) ? owner : null;

    /// <summary>Goes on where an earlier life of this node was.</summary>
    public void ResumeAt(StorageKey cursor) => Cursor = cursor;

    public void Stored(TransferChunk chunk)
    {
        Keys += chunk.Records.Length;
        Bytes += chunk.Records.Sum(r => (long)RecordSizes.Of(r.Key, r.Set));
        if (chunk.Records.Length > 0) Cursor = chunk.Records[^1].Key;
        IsCopied = chunk.IsLast;
    }

    public void Compared() => _toCompare.Dequeue();

    public TransferReport Report(NodeId self, TimeSpan now)
    {
        var elapsed = now - began;
        var covered = IsCopied ? 1 : ring.Covered(partition, Cursor);
        return new TransferReport(
            partition, Source, self, Keys, Bytes, (long)(Bytes / Math.Max(0.001, elapsed.TotalSeconds)), covered, (long)elapsed.TotalMilliseconds, "");
    }
}
