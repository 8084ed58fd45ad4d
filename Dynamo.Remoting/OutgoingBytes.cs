using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Dynamo.Remoting;

/// <summary>Bytes to send one after another. A pooled piece goes back to the pool once it is sent.</summary>
internal readonly record struct Piece(ReadOnlyMemory<byte> Bytes, bool Pooled)
{
    public void Return()
    {
        if (Pooled && MemoryMarshal.TryGetArray(Bytes, out var segment)) ArrayPool<byte>.Shared.Return(segment.Array!);
    }
}

/// <summary>Gathers frames into as few pieces as possible: copies small payloads together; a large one is a piece by itself. Not thread-safe.</summary>
internal sealed class OutgoingBytes(bool bigEndian)
{
    private const int PieceSize = 64 * 1024;

    private readonly List<Piece> _pieces = [];
    private byte[]? _tail;
    private int _used;

    public int Frames { get; private set; }

    public bool IsEmpty => Frames == 0;

    public void Append(ByteString payload)
    {
        Span<byte> header = stackalloc byte[FrameFormat.HeaderSize];
        FrameFormat.WriteLength(header, payload.Length, bigEndian);
        Copy(header);
        if (payload.Length > FrameFormat.Large)
        {
            Seal();
            _pieces.Add(new Piece(payload.Memory, Pooled: false));
        }
        else
        {
            Copy(payload.Span);
        }

        Frames++;
    }

    /// <summary>The pieces to send now; nothing may be appended before <see cref="Clear"/>.</summary>
    public List<Piece> Sealed()
    {
        Seal();
        return _pieces;
    }

    public void Clear()
    {
        _pieces.Clear();
        Frames = 0;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            _tail ??= ArrayPool<byte>.Shared.Rent(PieceSize);
            var count = Math.Min(bytes.Length, _tail.Length - _used);
            bytes[..count].CopyTo(_tail.AsSpan(_used));
            bytes = bytes[count..];
            _used += count;
            if (_used == _tail.Length) Seal();
        }
    }

    private void Seal()
    {
        if (_tail is null) return;
        _pieces.Add(new Piece(_tail.AsMemory(0, _used), Pooled: true));
        _tail = null;
        _used = 0;
    }
}
