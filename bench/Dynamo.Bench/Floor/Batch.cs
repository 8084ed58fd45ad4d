namespace Dynamo.Bench.Floor;

/// <summary>Items of one kind queued for one connection until it is flushed as one message, as in the product.</summary>
internal sealed class Batch(FrameKind kind, int itemBytes)
{
    private byte[] _bytes = new byte[4096];
    private int _length = FrameSizes.Head(kind);
    private int _count;

    /// <summary>Adds an item and returns its bytes, which are not cleared.</summary>
    public Span<byte> Add()
    {
        if (_length + itemBytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + itemBytes, _bytes.Length * 2));
        _length += itemBytes;
        _count++;
        return _bytes.AsSpan(_length - itemBytes, itemBytes);
    }

    public bool IsEmpty => _count == 0;

    /// <summary>Returns the finished message and empties the batch. The bytes are valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<byte> Take(int number)
    {
        Frame.WriteHead(_bytes, kind, _length, number, _count);
        var taken = _bytes.AsSpan(0, _length);
        (_length, _count) = (FrameSizes.Head(kind), 0);
        return taken;
    }
}
