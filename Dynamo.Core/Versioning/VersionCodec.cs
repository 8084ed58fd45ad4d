using System.Collections.Immutable;
using System.IO.Hashing;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Versioning;

/// <summary>The binary form of contexts, version sets and records: on the wire, in the store, and for digests.</summary>
public static class VersionCodec
{
    private const int StoreBytes = 8;

    [ThreadStatic]
    private static ByteWriter? t_digested;

    [Flags]
    private enum SiblingFlags : byte
    {
        None = 0,
        Tombstone = 1,
        HasWriteId = 2,
        HasTimestamp = 4,
        HasExpiry = 8,
        Typed = 16,
        All = 31,
    }

    public static void Write(ByteWriter to, CausalContext context)
    {
        WriteDots(to, context.Vector);
        to.Varint((ulong)context.Cloud.Length);
        foreach (var run in context.Cloud)
        {
            Write(to, new Dot(run.Tenure, run.First));
            to.Count(run.Last - run.First);
        }
    }

    public static CausalContext ReadContext(ref ByteReader from)
    {
        var vector = ReadDots(ref from);
        var runs = from.ListLength(StoreBytes + 3);
        if (runs == 0) return CausalContext.OfSorted(vector, []);
        var cloud = new DotRun[runs];
        for (var i = 0; i < cloud.Length; i++)
        {
            var (first, more) = (ReadDot(ref from), from.Count());
            if (first.Count < 1 || more > long.MaxValue - first.Count) throw new MalformedBytesException("an impossible run of dots");
            cloud[i] = new DotRun(first.Tenure, first.Count, first.Count + more);
        }
        return CausalContext.Of(vector, cloud);
    }

    public static void Write(ByteWriter to, VersionSet set)
    {
        Write(to, set.Clock);
        to.Varint((ulong)set.Siblings.Length);
        foreach (var sibling in set.Siblings) WriteSibling(to, sibling);
    }

    public static VersionSet ReadVersionSet(ref ByteReader from)
    {
        var clock = ReadContext(ref from);
        var siblings = ImmutableArray.CreateBuilder<Sibling>(from.ListLength(StoreBytes));
        while (siblings.Count < siblings.Capacity)
        {
            var sibling = ReadSibling(ref from);
            if (!clock.Covers(sibling.Dot)) throw new MalformedBytesException("a sibling that its own clock has not seen");
            siblings.Add(sibling);
        }
        return new VersionSet(clock, siblings.MoveToImmutable());
    }

    public static void Write(ByteWriter to, Record record)
    {
        to.Count(record.TenureStart);
        Write(to, record.Versions);
    }

    public static Record ReadRecord(ref ByteReader from) => new(from.Count(), ReadVersionSet(ref from));

    /// <summary>
    /// XXH3 over the key, the clock and the siblings' dots. Dots name writes, so equal digests mean equal sets; digest
    /// reads and hash trees compare these instead of values.
    /// </summary>
    public static ulong Digest(StorageKey key, VersionSet set)
    {
        if (set.IsEmpty) return 0;
        var writer = t_digested ??= new ByteWriter(256);
        writer.Clear();
        writer.Bytes(key.Encoded);
        Write(writer, set.Clock);
        foreach (var sibling in set.Siblings) Write(writer, sibling.Dot);
        return XxHash3.HashToUInt64(writer.Written);
    }

    private static void WriteDots(ByteWriter to, ImmutableArray<Dot> dots)
    {
        to.Varint((ulong)dots.Length);
        foreach (var dot in dots) Write(to, dot);
    }

    private static ImmutableArray<Dot> ReadDots(ref ByteReader from)
    {
        var length = from.ListLength(StoreBytes + 2);
        if (length == 0) return [];
        var dots = ImmutableArray.CreateBuilder<Dot>(length);
        for (var i = 0; i < length; i++) dots.Add(ReadDot(ref from));
        return dots.MoveToImmutable();
    }

    public static void Write(ByteWriter to, Dot dot)
    {
        to.Fixed64(dot.Tenure.Store.Value);
        to.Count(dot.Tenure.Start);
        to.Count(dot.Count);
    }

    public static Dot ReadDot(ref ByteReader from) => new(new Tenure(new StoreId(from.Fixed64()), from.Count()), from.Count());

    private static void WriteSibling(ByteWriter to, Sibling sibling)
    {
        var flags = (sibling.IsTombstone ? SiblingFlags.Tombstone : SiblingFlags.None)
            | (sibling.WriteId != 0 ? SiblingFlags.HasWriteId : SiblingFlags.None)
            | (sibling.TimestampMs != 0 ? SiblingFlags.HasTimestamp : SiblingFlags.None)
            | (sibling.ExpiresMs != 0 ? SiblingFlags.HasExpiry : SiblingFlags.None)
            | (sibling.IsTyped ? SiblingFlags.Typed : SiblingFlags.None);
        to.Byte((byte)flags);
        Write(to, sibling.Dot);
        if (sibling.WriteId != 0) to.Fixed64(sibling.WriteId);
        if (sibling.TimestampMs != 0) to.Fixed64((ulong)sibling.TimestampMs);
        if (sibling.ExpiresMs != 0) to.Fixed64((ulong)sibling.ExpiresMs);
        if (!sibling.IsTombstone) to.Bytes(sibling.Value.Span);
    }

    private static Sibling ReadSibling(ref ByteReader from)
    {
        var flags = (SiblingFlags)from.Byte();
        if (flags > SiblingFlags.All) throw new MalformedBytesException($"unknown sibling flags {(byte)flags}");
        var dot = ReadDot(ref from);
        var writeId = flags.HasFlag(SiblingFlags.HasWriteId) ? from.Fixed64() : 0;
        var timestamp = flags.HasFlag(SiblingFlags.HasTimestamp) ? (long)from.Fixed64() : 0;
        var expires = flags.HasFlag(SiblingFlags.HasExpiry) ? (long)from.Fixed64() : 0;
        var dead = flags.HasFlag(SiblingFlags.Tombstone);
        // A copy: a value that lives on must not keep the whole batch it came in alive.
        return new Sibling(dot, dead ? default : from.Bytes().ToArray(), dead, writeId, timestamp, expires, flags.HasFlag(SiblingFlags.Typed));
    }
}
