using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Actors.Shared;

/// <summary>What records take in the messages between nodes.</summary>
internal static class RecordSizes
{
    private const int RecordOverhead = 64;
    private const int SiblingOverhead = 32;

    /// <summary>As many records as fit one message: at least one.</summary>
    public static IReadOnlyList<StoredRecord> Bounded(IReadOnlyList<StoredRecord> records, int maxBytes)
    {
        var count = ByteSlices.End(records, 0, maxBytes, r => Of(r.Key, r.Record.Versions));
        return count == records.Count ? records : [.. records.Take(count)];
    }

    /// <summary>Bytes of a record on the wire, about.</summary>
    public static int Of(StorageKey key, VersionSet set) =>
        key.Encoded.Length + RecordOverhead + (int)set.ValueBytes + (set.Siblings.Length * SiblingOverhead);
}
