using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Actors.Shared;

/// <summary>Estimated sizes of records in messages between nodes.</summary>
internal static class RecordSizes
{
    /// <summary>A set larger than this travels in slices. With the largest value (8 MiB) and batch (8 MiB) it stays below the frame of 16 MiB.</summary>
    public const int SliceBytes = 4 << 20;

    private const int RecordOverhead = 32;

    /// <summary>The leading records that fit in one message: at least one.</summary>
    public static IReadOnlyList<StoredRecord> Bounded(IReadOnlyList<StoredRecord> records, int maxBytes)
    {
        var count = ByteSlices.End(records, 0, maxBytes, r => Of(r.Key, r.Record.Versions));
        return count == records.Count ? records : [.. records.Take(count)];
    }

    /// <summary>Approximate bytes of a record on the wire.</summary>
    public static int Of(StorageKey key, VersionSet set) => key.Encoded.Length + RecordOverhead + (int)Math.Min(set.Bytes, int.MaxValue / 2);
}
