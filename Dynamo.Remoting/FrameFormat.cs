using System.Buffers.Binary;

namespace Dynamo.Remoting;

/// <summary>A frame is its payload's length in four bytes, little-endian unless <c>byte-order</c> says otherwise, and the payload.</summary>
internal static class FrameFormat
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 4;

    /// <summary>Payloads above this size, in bytes, are not gathered: they are sent from, and received into, memory of their own.</summary>
    public const int Large = 64 * 1024;

    public static void WriteLength(Span<byte> header, int length, bool bigEndian)
    {
        if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(header, length);
        else BinaryPrimitives.WriteInt32LittleEndian(header, length);
    }

    /// <returns>Any value at all: the sender cannot be trusted.</returns>
    public static int ReadLength(ReadOnlySpan<byte> header, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(header) : BinaryPrimitives.ReadInt32LittleEndian(header);
}
