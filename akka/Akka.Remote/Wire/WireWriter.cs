using System.Buffers.Binary;
using System.Numerics;

namespace Akka.Remote.Wire;

/// <summary>Writes protobuf fields into a span of known size. Sizes are computed first, so nothing is written twice.</summary>
internal ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Position { get; private set; }

    public static int VarintSize(uint value) => (38 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    public static int VarintSize(ulong value) => (70 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Size of a length-delimited field with a one-byte tag; nothing when empty, as proto3 has it.</summary>
    public static int BytesFieldSize(int length) => length == 0 ? 0 : NestedSize(length);

    /// <summary>Size of a sub-message with a one-byte tag: written even when empty.</summary>
    public static int NestedSize(int length) => 1 + VarintSize((uint)length) + length;

    public void Byte(byte value) => _buffer[Position++] = value;

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[Position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[Position++] = (byte)value;
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer[Position..], value);
        Position += sizeof(ulong);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Position..]);
        Position += bytes.Length;
    }

    public void NestedHeader(byte tag, int length)
    {
        Byte(tag);
        Varint((uint)length);
    }

    public void BytesField(byte tag, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        NestedHeader(tag, bytes.Length);
        Raw(bytes);
    }
}
