using System.Buffers.Binary;
using Akka.Remote.Transport;

namespace Akka.Remote.Wire;

/// <summary>Reads protobuf fields from a span, checking every length against what is there.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> buffer)
{
    public const uint VarintType = 0;
    public const uint Fixed64Type = 1;
    public const uint BytesType = 2;
    public const uint Fixed32Type = 5;

    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private int _position;

    public readonly bool AtEnd => _position >= _buffer.Length;

    /// <exception cref="AkkaProtocolException">The bytes are no protobuf.</exception>
    public uint Tag()
    {
        var tag = Varint();
        return tag <= uint.MaxValue ? (uint)tag : throw new AkkaProtocolException($"Malformed message: tag {tag}");
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position >= _buffer.Length)
                throw Truncated();
            var b = _buffer[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new AkkaProtocolException("Malformed message: a varint of more than ten bytes");
    }

    public ulong Fixed64()
    {
        if (_buffer.Length - _position < sizeof(ulong))
            throw Truncated();
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer[_position..]);
        _position += sizeof(ulong);
        return value;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        if (length > (ulong)(_buffer.Length - _position))
            throw Truncated();
        var bytes = _buffer.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    /// <summary>Steps over a field of a newer peer.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case VarintType:
                Varint();
                break;
            case Fixed64Type:
                Fixed64();
                break;
            case BytesType:
                Bytes();
                break;
            case Fixed32Type when _buffer.Length - _position >= sizeof(uint):
                _position += sizeof(uint);
                break;
            default:
                throw new AkkaProtocolException($"Malformed message: wire type {tag & 7} of field {tag >> 3}");
        }
    }

    private static AkkaProtocolException Truncated() => new("Malformed message: it ends within a field");
}
