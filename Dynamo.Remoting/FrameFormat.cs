using System.Buffers.Binary;

namespace Dynamo.Remoting;

/// <summary>A frame is its payload's length in four bytes, little-endian unless <c>byte-order</c> says otherwise, and the payload.</summary>
internal static class FrameFormat
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 4;

    /// <summary>Payloads of more bytes than this are not worth gathering: they are sent and received from and into memory of their own.</summary>
    public const int Large = 64 * 1024;

    public static void WriteLength(Span<byte> header, int length, bool bigEndian)
    {
        if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(header, length);
        else BinaryPrimitives.WriteInt32LittleEndian(header, length);
    }

    /// <returns>Anything at all: whoever wrote it may not be trusted.</returns>
    public static int ReadLength(ReadOnlySpan<byte> header, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(header) : BinaryPrimitives.ReadInt32LittleEndian(header);
}
