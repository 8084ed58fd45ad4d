using System.Text;
using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Remote.Wire;

internal enum ControlCommand
{
    None = 0,
    Associate = 1,
    Disassociate = 2,
    Heartbeat = 3,
    DisassociateShuttingDown = 4,
    DisassociateQuarantined = 5,
}

/// <summary>What a node says of itself in the handshake: its address by the bare transport's protocol, and its uid.</summary>
internal readonly record struct HandshakeInfo(Address Origin, int Uid);

internal readonly record struct ControlPdu(ControlCommand Command, HandshakeInfo? Handshake);

/// <summary>The control half of <c>AkkaProtocolMessage {1 payload, 2 instruction}</c>.</summary>
internal static class Pdu
{
    public const byte PayloadTag = 0x0A;
    public const byte InstructionTag = 0x12;

    private static readonly byte[] HeartbeatPdu = [InstructionTag, 2, 0x08, (byte)ControlCommand.Heartbeat];

    public static ReadOnlyMemory<byte> Heartbeat => HeartbeatPdu;

    public static byte[] Disassociate(DisassociateInfo info) =>
    [
        InstructionTag, 2, 0x08, (byte)(info switch
        {
            DisassociateInfo.Shutdown => ControlCommand.DisassociateShuttingDown,
            DisassociateInfo.Quarantined => ControlCommand.DisassociateQuarantined,
            _ => ControlCommand.Disassociate,
        }),
    ];

    public static byte[] Associate(HandshakeInfo info)
    {
        var address = AddressData(info.Origin);
        var handshake = WireWriter.NestedSize(address.Length) + (info.Uid == 0 ? 0 : 9);
        var control = 2 + WireWriter.NestedSize(handshake);
        var bytes = new byte[WireWriter.NestedSize(control)];
        var writer = new WireWriter(bytes);
        writer.NestedHeader(InstructionTag, control);
        writer.Byte(0x08);
        writer.Byte((byte)ControlCommand.Associate);
        writer.NestedHeader(0x12, handshake);
        writer.NestedHeader(0x0A, address.Length);
        writer.Raw(address);
        if (info.Uid != 0)
        {
            writer.Byte(0x11);
            writer.Fixed64((ulong)info.Uid);
        }
        return bytes;
    }

    /// <summary>Splits a PDU: true and its payload, or false and its instruction.</summary>
    /// <exception cref="AkkaProtocolException">It is neither.</exception>
    public static bool IsPayload(ReadOnlySpan<byte> pdu, out ReadOnlySpan<byte> payload, out ControlPdu control)
    {
        var reader = new WireReader(pdu);
        payload = default;
        control = default;
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case PayloadTag:
                    payload = reader.Bytes();
                    return true;
                case InstructionTag:
                    control = ReadControl(reader.Bytes());
                    return false;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        throw new AkkaProtocolException("Malformed message: neither a payload nor an instruction");
    }

    private static byte[] AddressData(Address address)
    {
        var system = Encoding.UTF8.GetBytes(address.System);
        var host = Encoding.UTF8.GetBytes(address.Host ?? string.Empty);
        var protocol = Encoding.UTF8.GetBytes(address.Protocol);
        var port = (uint)(address.Port ?? 0);
        var size = WireWriter.BytesFieldSize(system.Length) + WireWriter.BytesFieldSize(host.Length)
            + (port == 0 ? 0 : 1 + WireWriter.VarintSize(port)) + WireWriter.BytesFieldSize(protocol.Length);
        var bytes = new byte[size];
        var writer = new WireWriter(bytes);
        writer.BytesField(0x0A, system);
        writer.BytesField(0x12, host);
        if (port != 0)
        {
            writer.Byte(0x18);
            writer.Varint(port);
        }
        writer.BytesField(0x22, protocol);
        return bytes;
    }

    private static ControlPdu ReadControl(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var command = ControlCommand.None;
        HandshakeInfo? handshake = null;
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x08:
                    command = (ControlCommand)reader.Varint();
                    break;
                case 0x12:
                    handshake = ReadHandshake(reader.Bytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        if (command is < ControlCommand.Associate or > ControlCommand.DisassociateQuarantined)
            throw new AkkaProtocolException($"Malformed message: unknown instruction {(int)command}");
        return new ControlPdu(command, handshake);
    }

    private static HandshakeInfo ReadHandshake(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        Address? origin = null;
        ulong uid = 0;
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x0A:
                    origin = ReadAddress(reader.Bytes());
                    break;
                case 0x11:
                    uid = reader.Fixed64();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return new HandshakeInfo(origin ?? throw new AkkaProtocolException("Malformed handshake: no origin"), unchecked((int)uid));
    }

    private static Address ReadAddress(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        string system = "", host = "", protocol = "";
        var port = 0;
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x0A:
                    system = Encoding.UTF8.GetString(reader.Bytes());
                    break;
                case 0x12:
                    host = Encoding.UTF8.GetString(reader.Bytes());
                    break;
                case 0x18:
                    port = unchecked((int)reader.Varint());
                    break;
                case 0x22:
                    protocol = Encoding.UTF8.GetString(reader.Bytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        if (system.Length == 0 || host.Length == 0 || port is <= 0 or > ushort.MaxValue || protocol.Length == 0)
            throw new AkkaProtocolException($"Malformed handshake: '{protocol}://{system}@{host}:{port}' is no address");
        return new Address(protocol, system, host, port);
    }
}
