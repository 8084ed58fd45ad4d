namespace Dynamo.Core.Versioning;

/// <summary>One value (or tombstone) that no write has replaced yet.</summary>
/// <param name="Dot">The write that made it.</param>
/// <param name="Value">Empty for a tombstone.</param>
/// <param name="IsTombstone">A delete: it stays among the siblings until all primaries hold it and it is reaped.</param>
/// <param name="WriteId">The client's own id of the write, so that a put sent twice is one write; 0 = none.</param>
/// <param name="TimestampMs">Milliseconds since 1970 at the coordinator; read only in last-write-wins buckets.</param>
public sealed record Sibling(Dot Dot, ReadOnlyMemory<byte> Value, bool IsTombstone, ulong WriteId, long TimestampMs)
{
    public bool Equals(Sibling? other) => other is not null && Dot == other.Dot;

    public override int GetHashCode() => Dot.GetHashCode();
}
