using System.Buffers.Binary;

namespace Akka.Remote.Wire;

/// <summary>A message in the form it travels in: <c>Payload {1 bytes, 2 serializerId, 3 manifest}</c>.</summary>
internal readonly struct SerializedMessage(byte[] bytes, int serializerId, byte[] manifest)
{
    public readonly byte[] Bytes = bytes;
    public readonly int SerializerId = serializerId;
    public readonly byte[] Manifest = manifest;

    // A negative id takes ten bytes, as protobuf's int32 does.
    private ulong IdOnWire => unchecked((ulong)(long)SerializerId);

    public int Size => WireWriter.BytesFieldSize(Bytes.Length)
        + (SerializerId == 0 ? 0 : 1 + WireWriter.VarintSize(IdOnWire))
        + WireWriter.BytesFieldSize(Manifest.Length);

    public void WriteTo(ref WireWriter writer)
    {
        writer.BytesField(0x0A, Bytes);
        if (SerializerId != 0)
        {
            writer.Byte(0x10);
            writer.Varint(IdOnWire);
        }
        writer.BytesField(0x1A, Manifest);
    }
}

/// <summary>A frame ready to be written: all its sizes are known, its bytes are put down once, straight into the socket's buffer.</summary>
internal readonly struct OutboundEnvelope
{
    /// <summary>The sequence number of a message that has none.</summary>
    public const ulong Unsequenced = ulong.MaxValue;

    private readonly byte[] _recipient;
    private readonly byte[]? _sender;
    private readonly SerializedMessage _message;
    private readonly ulong _sequence;
    private readonly int _messageSize;
    private readonly int _envelopeSize;

    public OutboundEnvelope(byte[] recipient, byte[]? sender, in SerializedMessage message, ulong sequence)
    {
        _recipient = recipient;
        _sender = sender;
        _message = message;
        _sequence = sequence;
        _messageSize = message.Size;
        _envelopeSize = WireWriter.NestedSize(RefSize(recipient)) + WireWriter.NestedSize(_messageSize)
            + (sender is null ? 0 : WireWriter.NestedSize(RefSize(sender))) + (sequence == 0 ? 0 : 9);
        PduSize = WireWriter.NestedSize(WireWriter.NestedSize(_envelopeSize));
    }

    /// <summary>Somebody may block until it is answered: it does not wait for company.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>Bytes of the whole PDU, without the frame's length prefix.</summary>
    public int PduSize { get; }

    public void WriteTo(Span<byte> pdu)
    {
        var writer = new WireWriter(pdu);
        writer.NestedHeader(Pdu.PayloadTag, WireWriter.NestedSize(_envelopeSize));
        writer.NestedHeader(0x12, _envelopeSize);
        WriteRef(ref writer, 0x0A, _recipient);
        writer.NestedHeader(0x12, _messageSize);
        _message.WriteTo(ref writer);
        if (_sender is not null)
            WriteRef(ref writer, 0x22, _sender);
        if (_sequence != 0)
        {
            writer.Byte(0x29);
            writer.Fixed64(_sequence);
        }
    }

    public byte[] ToArray()
    {
        var bytes = new byte[PduSize];
        WriteTo(bytes);
        return bytes;
    }

    private static int RefSize(byte[] path) => WireWriter.BytesFieldSize(path.Length);

    private static void WriteRef(ref WireWriter writer, byte tag, byte[] path)
    {
        writer.NestedHeader(tag, RefSize(path));
        writer.BytesField(0x0A, path);
    }
}

/// <summary>
/// A received <c>AckAndEnvelopeContainer {1 ack, 2 envelope}</c>, its parts still spans of the receive buffer.
/// </summary>
internal ref struct InboundEnvelope
{
    public bool HasEnvelope;
    public bool HasAck;
    public ReadOnlySpan<byte> Recipient;
    public ReadOnlySpan<byte> Sender;
    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> Manifest;
    public int SerializerId;
    public ulong Sequence;
    public ReadOnlySpan<byte> Ack;

    public static InboundEnvelope Read(ReadOnlySpan<byte> container)
    {
        var result = default(InboundEnvelope);
        var reader = new WireReader(container);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x0A:
                    result.Ack = reader.Bytes();
                    result.HasAck = true;
                    break;
                case 0x12:
                    result.ReadEnvelope(reader.Bytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return result;
    }

    private void ReadEnvelope(ReadOnlySpan<byte> envelope)
    {
        HasEnvelope = true;
        var reader = new WireReader(envelope);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x0A:
                    Recipient = ReadRef(reader.Bytes());
                    break;
                case 0x12:
                    ReadMessage(reader.Bytes());
                    break;
                case 0x22:
                    Sender = ReadRef(reader.Bytes());
                    break;
                case 0x29:
                    Sequence = reader.Fixed64();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
    }

    private void ReadMessage(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x0A:
                    Message = reader.Bytes();
                    break;
                case 0x10:
                    SerializerId = unchecked((int)reader.Varint());
                    break;
                case 0x1A:
                    Manifest = reader.Bytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
    }

    private static ReadOnlySpan<byte> ReadRef(ReadOnlySpan<byte> actorRef)
    {
        var reader = new WireReader(actorRef);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            if (tag == 0x0A)
                return reader.Bytes();
            reader.Skip(tag);
        }
        return default;
    }
}

/// <summary><c>AcknowledgementInfo {1 cumulativeAck, 2 nacks}</c>: all up to the first were seen, except the nacks.</summary>
internal readonly record struct Acknowledgement(ulong Cumulative, ulong[] Nacks)
{
    /// <summary>The PDU of an acknowledgement that travels alone.</summary>
    public byte[] ToPdu()
    {
        var packed = Nacks.Length * sizeof(ulong);
        var ack = (Cumulative == 0 ? 0 : 9) + WireWriter.BytesFieldSize(packed);
        var bytes = new byte[WireWriter.NestedSize(WireWriter.NestedSize(ack))];
        var writer = new WireWriter(bytes);
        writer.NestedHeader(Pdu.PayloadTag, WireWriter.NestedSize(ack));
        writer.NestedHeader(0x0A, ack);
        if (Cumulative != 0)
        {
            writer.Byte(0x09);
            writer.Fixed64(Cumulative);
        }
        if (packed > 0)
        {
            writer.NestedHeader(0x12, packed);
            foreach (var nack in Nacks)
                writer.Fixed64(nack);
        }
        return bytes;
    }

    public static Acknowledgement Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        ulong cumulative = 0;
        List<ulong>? nacks = null;
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x09:
                    cumulative = reader.Fixed64();
                    break;
                case 0x11:
                    (nacks ??= []).Add(reader.Fixed64());
                    break;
                case 0x12:
                    for (var packed = reader.Bytes(); packed.Length >= sizeof(ulong); packed = packed[sizeof(ulong)..])
                        (nacks ??= []).Add(BinaryPrimitives.ReadUInt64LittleEndian(packed));
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return new Acknowledgement(cumulative, nacks?.ToArray() ?? []);
    }
}
