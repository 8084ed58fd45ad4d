using Akka.Actor;
using Google.Protobuf;

namespace Dynamo.Remoting;

/// <summary>The messages by which Akka.Remote opens and ends an association. Their codec is internal to Akka.Remote, their format is its wire contract.</summary>
internal static class Handshake
{
    // WireFormats.proto: AkkaProtocolMessage.instruction = 2; AkkaControlMessage { commandType = 1; handshakeInfo = 2 };
    // AkkaHandshakeInfo { origin = 1; fixed64 uid = 2 }; AddressData { system = 1; hostname = 2; port = 3; protocol = 4 }.
    private const int Instruction = 2, CommandType = 1, Info = 2, Origin = 1, Uid = 2, SystemName = 1, Hostname = 2, Port = 3, Protocol = 4;
    private const int AssociateCommand = 1, ShuttingDownCommand = 4;

    public static byte[] Associate(Address origin, ulong uid)
    {
        var address = Written(to =>
        {
            Text(to, SystemName, origin.System);
            Text(to, Hostname, origin.Host);
            to.WriteTag(Port, WireFormat.WireType.Varint);
            to.WriteUInt32((uint)origin.Port!.Value);
            Text(to, Protocol, origin.Protocol);
        });
        return Control(AssociateCommand, Written(to =>
        {
            Bytes(to, Origin, address);
            to.WriteTag(Uid, WireFormat.WireType.Fixed64);
            to.WriteFixed64(uid);
        }));
    }

    public static byte[] ShuttingDown() => Control(ShuttingDownCommand, null);

    /// <summary>The address that the sender of a handshake has for itself; null when the bytes are no handshake.</summary>
    public static Address? OriginOf(byte[] message)
    {
        try
        {
            return Field(message, Instruction) is { } control && Field(control, Info) is { } info && Field(info, Origin) is { } address ? AddressOf(address) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static Address? AddressOf(byte[] data)
    {
        var from = new CodedInputStream(data);
        var (system, host, port, protocol) = ("", "", 0u, "");
        for (uint tag; (tag = from.ReadTag()) != 0;)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case SystemName: system = from.ReadString(); break;
                case Hostname: host = from.ReadString(); break;
                case Port: port = from.ReadUInt32(); break;
                case Protocol: protocol = from.ReadString(); break;
                default: from.SkipLastField(); break;
            }
        }
        return system.Length > 0 && host.Length > 0 && port is > 0 and <= ushort.MaxValue ? new Address(protocol, system, host, (int)port) : null;
    }

    /// <summary>The bytes of a message's field; null when it is not there.</summary>
    private static byte[]? Field(byte[] message, int number)
    {
        var from = new CodedInputStream(message);
        for (uint tag; (tag = from.ReadTag()) != 0;)
        {
            if (tag == WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited)) return from.ReadBytes().ToByteArray();
            from.SkipLastField();
        }
        return null;
    }

    private static byte[] Control(int command, byte[]? info)
    {
        var control = Written(to =>
        {
            to.WriteTag(CommandType, WireFormat.WireType.Varint);
            to.WriteInt32(command);
            if (info is not null) Bytes(to, Info, info);
        });
        return Written(to => Bytes(to, Instruction, control));
    }

    private static void Bytes(CodedOutputStream to, int number, byte[] value)
    {
        to.WriteTag(number, WireFormat.WireType.LengthDelimited);
        to.WriteBytes(ByteString.CopyFrom(value));
    }

    private static void Text(CodedOutputStream to, int number, string value)
    {
        to.WriteTag(number, WireFormat.WireType.LengthDelimited);
        to.WriteString(value);
    }

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var to = new CodedOutputStream(bytes, leaveOpen: true)) write(to);
        return bytes.ToArray();
    }
}
