namespace Dynamo.Core.Versioning;

/// <summary>One value (or tombstone) that no write has replaced yet.</summary>
/// <param name="Dot">The write that made it.</param>
/// <param name="Value">Empty for a tombstone.</param>
/// <param name="IsTombstone">A delete: it stays among the siblings until all primaries hold it and it is reaped.</param>
/// <param name="WriteId">The client's own id of the write, so that a put sent twice is one write; 0 = none.</param>
/// <param name="TimestampMs">Milliseconds since 1970 at the coordinator; read only in last-write-wins buckets.</param>
/// <param name="ExpiresMs">From then on the value is as good as deleted, in milliseconds since 1970; 0: never.</param>
/// <param name="IsTyped">The value is one of a data type (DataTypes/DataValue.cs); otherwise its bytes mean nothing to the store.</param>
public sealed record Sibling(
    Dot Dot, ReadOnlyMemory<byte> Value, bool IsTombstone, ulong WriteId, long TimestampMs, long ExpiresMs = 0, bool IsTyped = false)
{
    public bool IsLive(long nowMs) => !IsTombstone && !IsExpired(nowMs);

    public bool IsExpired(long nowMs) => ExpiresMs != 0 && nowMs >= ExpiresMs;

    /// <summary>The sibling without its value. It keeps its dot, so that replicas that do this at different times still hold the same set.</summary>
    public Sibling Buried() => this with { Value = default, IsTombstone = true, ExpiresMs = 0, IsTyped = false };

    public bool Equals(Sibling? other) => other is not null && Dot == other.Dot;

    public override int GetHashCode() => Dot.GetHashCode();
}
