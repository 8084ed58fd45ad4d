using System.Buffers.Binary;

namespace Dynamo.Bench.DData;

/// <summary>The messages between the client and a node's gate: hand-coded byte arrays, which Akka.NET sends unchanged, for the least cost.</summary>
internal static class GateWire
{
    public const byte Put = 1, Get = 2, Done = 1, Failed = 2;
    private const int HeadBytes = 9;

    public static byte[] Write(byte kind, int id, int key, ReadOnlySpan<byte> value)
    {
        var message = new byte[HeadBytes + value.Length];
        message[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(1), id);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(5), key);
        value.CopyTo(message.AsSpan(HeadBytes));
        return message;
    }

    public static int IdOf(byte[] message) => BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(1));

    public static int KeyOf(byte[] message) => BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(5));

    public static ReadOnlySpan<byte> ValueOf(byte[] message) => message.AsSpan(HeadBytes);
}
