using System.Buffers.Binary;
using System.Text;

namespace Dynamo.Core.Wire;

/// <summary>Bytes that are not what a reader expects: truncated, too long, or of an unknown form.</summary>
public sealed class MalformedBytesException(string message) : Exception(message);

/// <summary>Reads what <see cref="ByteWriter"/> wrote, and trusts none of it: every length is checked against what is left.</summary>
public ref struct ByteReader(ReadOnlyMemory<byte> source)
{
    private readonly ReadOnlyMemory<byte> _source = source;
    private readonly ReadOnlySpan<byte> _bytes = source.Span;
    private int _at = 0;

    public readonly int Left => _bytes.Length - _at;

    public readonly bool AtEnd => Left == 0;

    public byte Byte()
    {
        if (_at < _bytes.Length) return _bytes[_at++];
        throw Truncated(1);
    }

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new MalformedBytesException($"{other} is not a boolean"),
    };

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Span(8));

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Span(4));

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new MalformedBytesException("a varint longer than 10 bytes");
    }

    public long Count()
    {
        var value = Varint();
        return value <= long.MaxValue ? (long)value : throw new MalformedBytesException("a count beyond 2^63");
    }

    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int() => Count() is var value and <= int.MaxValue ? (int)value : throw new MalformedBytesException("a number beyond 2^31");

    /// <summary>The length of a list whose items take at least <paramref name="itemBytes"/> bytes each, so that a forged one allocates nothing.</summary>
    public int ListLength(int itemBytes = 1)
    {
        var length = Varint();
        return length <= (ulong)(Left / Math.Max(1, itemBytes)) ? (int)length
            : throw new MalformedBytesException($"a list of {length} items in {Left} bytes");
    }

    /// <summary>A slice of the source, not a copy.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        var count = ListLength();
        _at += count;
        return _source.Slice(_at - count, count);
    }

    public string Text() => Encoding.UTF8.GetString(Span(ListLength()));

    public readonly void End()
    {
        if (!AtEnd) throw new MalformedBytesException($"{Left} bytes too many");
    }

    private ReadOnlySpan<byte> Span(int count)
    {
        if (count > Left) throw Truncated(count);
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private readonly MalformedBytesException Truncated(int wanted) => new($"truncated: {wanted} bytes wanted, {Left} left");
}
