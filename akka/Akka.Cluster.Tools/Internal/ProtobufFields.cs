using Google.Protobuf;

namespace Akka.Cluster.Tools.Internal;

/// <summary>Writes and reads the few kinds of protobuf fields these messages are made of.</summary>
internal static class ProtobufFields
{
    public static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true)) write(output);
        return buffer.ToArray();
    }

    public static void WriteText(this CodedOutputStream output, int field, string value)
    {
        if (value.Length == 0) return;
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    public static void WriteData(this CodedOutputStream output, int field, ReadOnlySpan<byte> value)
    {
        if (value.Length == 0) return;
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    public static void WriteNumber(this CodedOutputStream output, int field, int value)
    {
        if (value == 0) return;
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    public static void WriteFlag(this CodedOutputStream output, int field, bool value)
    {
        if (!value) return;
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteBool(value);
    }

    /// <summary>Reads the fields one by one.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="read">Reads the value of the field, or returns false and it is skipped.</param>
    public static void Read(byte[] bytes, Func<int, CodedInputStream, bool> read)
    {
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag && tag != 0)
            if (!read(WireFormat.GetTagFieldNumber(tag), input))
                input.SkipLastField();
    }
}
