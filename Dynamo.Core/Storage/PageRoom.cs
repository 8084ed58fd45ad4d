using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Storage;

/// <summary>
/// What one page of a scan holds: at most so many records, and no more once they take <see cref="MaxBytes"/>. At least one always fits, so a
/// page without any is the end of a scan, and a short one is not.
/// </summary>
public struct PageRoom(int maxRecords)
{
    /// <summary>1 MiB of keys and values: a few milliseconds of reading, whatever the records' size.</summary>
    public const long MaxBytes = 1 << 20;

    private int _records;
    private long _bytes;

    public readonly bool IsFull => _records >= maxRecords || _bytes >= MaxBytes;

    public void Take(long bytes)
    {
        _records++;
        _bytes += bytes;
    }

    /// <summary>Bytes of a record by its key and values, for an engine that does not keep it encoded.</summary>
    public static long SizeOf(StorageKey key, VersionSet versions) => key.Encoded.Length + versions.ValueBytes;
}
