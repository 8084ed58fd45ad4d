using System.Buffers;
using Google.Protobuf;

namespace Dynamo.Remoting;

/// <summary>Receives a connection's frames: as many at a time as have arrived, with one copy of a small payload and none of a large one.</summary>
internal sealed class FrameReader(Wire wire, SocketTransportSettings settings, RemotingMetrics metrics)
{
    private const int SmallestBuffer = 16 * 1024;
    private const int LargestBuffer = 256 * 1024;

    /// <summary>After this many receives in a row that would have fitted into a quarter of the buffer, it is halved.</summary>
    private const int ShrinkAfter = 64;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _wanted = SmallestBuffer;
    private int _smallReceives;

    /// <summary>Delivers frames until the peer sends no more.</summary>
    /// <returns>The bytes of an unfinished frame that the peer left behind: 0 for a peer that ended well.</returns>
    /// <exception cref="FrameRefusedException">A length is negative, or more than <c>maximum-frame-size</c>.</exception>
    public async Task<int> Run(Action<ByteString> deliver)
    {
        try
        {
            while (true)
            {
                var needed = DeliverWhole(deliver);
                if (needed > FrameFormat.HeaderSize + FrameFormat.Large)
                {
                    var missing = await ReceiveLarge(needed - FrameFormat.HeaderSize, deliver);
                    if (missing > 0) return needed - missing;
                }
                else
                {
                    MakeRoom(needed);
                    var count = await wire.Receive(_buffer.AsMemory(_end));
                    if (count == 0) return _end - _start;
                    _end += count;
                    Resize(count);
                    metrics.BytesReceived.Add(count);
                    metrics.Receives.Add(1);
                }
            }
        }
        finally
        {
            // Only here is it certain that no receive still writes into the buffer.
            if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    /// <returns>The size of the frame that has begun, header included; only the header's until that has arrived.</returns>
    private int DeliverWhole(Action<ByteString> deliver)
    {
        var isOuter = Burst.TryBegin();
        var frames = 0;
        try
        {
            var needed = FrameFormat.HeaderSize;
            while (_end - _start >= FrameFormat.HeaderSize)
            {
                var length = FrameFormat.ReadLength(_buffer.AsSpan(_start), settings.BigEndian);
                if (length < 0 || length > settings.MaximumFrameSize) Refuse(length);
                if (_end - _start - FrameFormat.HeaderSize < length) return needed + length;
                if (length > 0) deliver(ByteString.CopyFrom(_buffer.AsSpan(_start + FrameFormat.HeaderSize, length)));
                _start += FrameFormat.HeaderSize + length;
                frames++;
            }
            return needed;
        }
        finally
        {
            if (frames > 0) metrics.FramesReceived.Add(frames);
            if (isOuter) Burst.End();
        }
    }

    private void Refuse(int length)
    {
        metrics.FramesRefused.Add(1);
        throw new FrameRefusedException(length < 0
            ? $"it announced a frame of {length} bytes, which is not a valid length"
            : $"it announced a frame of {length} bytes, maximum-frame-size is {settings.MaximumFrameSize}");
    }

    /// <summary>Receives the rest of a payload straight into the memory that is delivered.</summary>
    /// <returns>The bytes still missing when the peer ended.</returns>
    private async Task<int> ReceiveLarge(int length, Action<ByteString> deliver)
    {
        var payload = GC.AllocateUninitializedArray<byte>(length);
        var here = _buffer.AsMemory(_start + FrameFormat.HeaderSize, _end - _start - FrameFormat.HeaderSize);
        here.CopyTo(payload);
        _start = _end = 0;
        for (var filled = here.Length; filled < length;)
        {
            var count = await wire.Receive(payload.AsMemory(filled));
            if (count == 0) return length - filled;
            filled += count;
            metrics.BytesReceived.Add(count);
            metrics.Receives.Add(1);
        }

        metrics.FramesReceived.Add(1);
        deliver(UnsafeByteOperations.UnsafeWrap(payload));
        return 0;
    }

    /// <summary>Makes room for a frame of that size, or for as much as the buffer should hold.</summary>
    private void MakeRoom(int needed)
    {
        var held = _end - _start;
        if (held == 0) _start = _end = 0;
        var size = Math.Max(needed, _wanted);
        if (_buffer.Length < needed || (held == 0 && (_buffer.Length < size || _buffer.Length >= 2 * size)))
        {
            var larger = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(_start, held).CopyTo(larger);
            if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0 && _buffer.Length - _start < Math.Max(needed, size / 2))
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            return;
        }

        _start = 0;
        _end = held;
    }

    private void Resize(int received)
    {
        if (_end == _buffer.Length)
        {
            _wanted = Math.Min(_wanted * 2, LargestBuffer);
            _smallReceives = 0;
        }
        else if (received > _wanted / 4 || _wanted == SmallestBuffer)
        {
            _smallReceives = 0;
        }
        else if (++_smallReceives == ShrinkAfter)
        {
            _wanted /= 2;
            _smallReceives = 0;
        }
    }
}
