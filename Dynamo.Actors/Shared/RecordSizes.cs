using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Shared;

/// <summary>What records take in the messages between nodes.</summary>
internal static class RecordSizes
{
    /// <summary>As many records as fit one message: at least one.</summary>
    public static IReadOnlyList<StoredRecord> Bounded(IReadOnlyList<StoredRecord> records, int mostBytes)
    {
        var (count, bytes) = (0, 0L);
        while (count < records.Count && (count == 0 || bytes + Of(records[count].Key, records[count].Record.Versions) <= mostBytes))
        {
            bytes += Of(records[count].Key, records[count].Record.Versions);
            count++;
        }
        return count == records.Count ? records : [.. records.Take(count)];
    }

    /// <summary>Bytes of a record on the wire, about.</summary>
    public static int Of(StorageKey key, VersionSet set)
    {
        var bytes = key.Encoded.Length + 64;
        foreach (var sibling in set.Siblings) bytes += sibling.Value.Length + 32;
        return bytes;
    }
}
