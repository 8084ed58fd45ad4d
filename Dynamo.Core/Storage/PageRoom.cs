using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Storage;

/// <summary>The bounds of one page of a scan. At least one record always fits, so an empty page is the end of a scan, and a short one is not.</summary>
public static class PageRoom
{
    /// <summary>1 MiB of keys and values: a few milliseconds of reading, whatever the records' size.</summary>
    public const long MaxBytes = 1 << 20;

    public static ByteBudget For(int maxRecords) => new(MaxBytes, maxRecords);

    /// <summary>The bytes of a record's key and values, for an engine that does not keep records encoded.</summary>
    public static long SizeOf(StorageKey key, VersionSet versions) => key.Encoded.Length + versions.ValueBytes;
}
