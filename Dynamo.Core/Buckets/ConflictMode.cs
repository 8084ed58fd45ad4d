namespace Dynamo.Core.Buckets;

public enum ConflictMode : byte
{
    /// <summary>Concurrent values are all kept and all returned (the default).</summary>
    Siblings = 0,

    /// <summary>The value with the latest timestamp stays. Concurrent writes are lost by design, and clocks decide which.</summary>
    LastWriteWins = 1,
}
