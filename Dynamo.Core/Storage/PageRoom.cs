using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Storage;

/// <summary>
/// The room in one page of a scan: a maximum of records, and no more once they take <see cref="MaxBytes"/>. At least one always fits, so an
/// empty page is the end of a scan, and a short one is not.
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

    /// <summary>The bytes of a record's key and values, for an engine that does not keep records encoded.</summary>
    public static long SizeOf(StorageKey key, VersionSet versions) => key.Encoded.Length + versions.ValueBytes;
}
