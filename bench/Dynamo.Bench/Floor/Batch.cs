namespace Dynamo.Bench.Floor;

/// <summary>The items of one kind that gather for one connection until it is flushed: one message, as in the product.</summary>
internal sealed class Batch(FrameKind kind, int itemBytes)
{
    private byte[] _bytes = new byte[4096];
    private int _length = FrameSizes.Head(kind);
    private int _count;

    /// <summary>Room for an item, not cleared.</summary>
    public Span<byte> Add()
    {
        if (_length + itemBytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + itemBytes, _bytes.Length * 2));
        _length += itemBytes;
        _count++;
        return _bytes.AsSpan(_length - itemBytes, itemBytes);
    }

    public bool IsEmpty => _count == 0;

    /// <summary>The finished message; the batch is empty after it, and the bytes are good until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<byte> Take(int number)
    {
        Frame.WriteHead(_bytes, kind, _length, number, _count);
        var taken = _bytes.AsSpan(0, _length);
        (_length, _count) = (FrameSizes.Head(kind), 0);
        return taken;
    }
}
