using System.Buffers.Binary;

namespace Dynamo.Bench.Floor;

/// <summary>A received message: the fields of its head, and its items.</summary>
/// <param name="Number">The asker's number for the batch, repeated in the answer.</param>
internal readonly ref struct Frame(FrameKind kind, int number, int count, ReadOnlySpan<byte> items)
{
    private const int KindAt = 4, NumberAt = 5, CountAt = 9;

    public const int MinBytes = 13;

    public FrameKind Kind { get; } = kind;

    public int Number { get; } = number;

    public int Count { get; } = count;

    public ReadOnlySpan<byte> Items { get; } = items;

    public ReadOnlySpan<byte> this[int item] => Items.Slice(item * (Items.Length / Count), Items.Length / Count);

    public static int LengthOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    public static Frame Read(ReadOnlySpan<byte> bytes)
    {
        var kind = (FrameKind)bytes[KindAt];
        return new Frame(
            kind, BinaryPrimitives.ReadInt32LittleEndian(bytes[NumberAt..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[CountAt..]),
            bytes[FrameSizes.Head(kind)..]);
    }

    public static void WriteHead(Span<byte> to, FrameKind kind, int length, int number, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, length);
        to[KindAt] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(to[NumberAt..], number);
        BinaryPrimitives.WriteInt32LittleEndian(to[CountAt..], count);
    }
}
