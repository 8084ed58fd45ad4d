#if AKKA_BUNDLED
using Akka.Actor;
using Akka.Remote.Delivery;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Tests.Remote;

/// <summary>The bytes of the wire, from its description.</summary>
public class WireFormatTests
{
    [Fact]
    public void An_associate_names_origin_and_uid()
    {
        var pdu = Pdu.Associate(new HandshakeInfo(new Address("tcp", "A", "127.0.0.1", 2552), 123456789));

        Assert.Equal("12250801122" + "10A16" + "0A0141" + "12093132372E302E302E31" + "18F813" + "2203746370" + "1115CD5B0700000000", Convert.ToHexString(pdu));
        Assert.False(Pdu.IsPayload(pdu, out _, out var control));
        Assert.Equal(ControlCommand.Associate, control.Command);
        Assert.Equal(new HandshakeInfo(new Address("tcp", "A", "127.0.0.1", 2552), 123456789), control.Handshake);
    }

    [Theory]
    [InlineData(DisassociateInfo.Unknown, "12020802")]
    [InlineData(DisassociateInfo.Shutdown, "12020804")]
    [InlineData(DisassociateInfo.Quarantined, "12020805")]
    public void A_disassociate_gives_its_reason(DisassociateInfo info, string hex) => Assert.Equal(hex, Convert.ToHexString(Pdu.Disassociate(info)));

    [Fact]
    public void A_heartbeat_is_four_bytes() => Assert.Equal("12020803", Convert.ToHexString(Pdu.Heartbeat.Span));

    [Fact]
    public void An_envelope_is_recipient_message_sender_and_no_sequence()
    {
        var message = new SerializedMessage([0xAA, 0xBB], 17, "S"u8.ToArray());
        var pdu = new OutboundEnvelope("r"u8.ToArray(), "s"u8.ToArray(), message, OutboundEnvelope.Unsequenced).ToArray();

        Assert.Equal("0A20" + "121E" + "0A03" + "0A0172" + "1209" + "0A02AABB" + "1011" + "1A0153" + "2203" + "0A0173" + "29FFFFFFFFFFFFFFFF",
            Convert.ToHexString(pdu));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    [InlineData(3_000_000)]
    public void An_envelope_is_read_as_it_was_written(int bytes)
    {
        foreach (var serializerId in new[] { 0, 1, 4711, -5 })
            foreach (var sequence in new[] { 0ul, 1ul, ulong.MaxValue })
                foreach (var sender in new[] { null, "akka.tcp://A@h:1/user/s#12"u8.ToArray() })
                {
                    var body = new byte[bytes];
                    new Random(bytes).NextBytes(body);
                    var envelope = new OutboundEnvelope("akka.tcp://B@h:2/user/r#1"u8.ToArray(), sender, new SerializedMessage(body, serializerId, "m"u8.ToArray()), sequence);

                    var pdu = envelope.ToArray();

                    Assert.Equal(envelope.PduSize, pdu.Length);
                    Assert.True(Pdu.IsPayload(pdu, out var payload, out _));
                    var read = InboundEnvelope.Read(payload);
                    Assert.True(read.HasEnvelope);
                    Assert.False(read.HasAck);
                    Assert.Equal("akka.tcp://B@h:2/user/r#1"u8, read.Recipient);
                    Assert.Equal(sender ?? [], read.Sender);
                    Assert.Equal(body, read.Message);
                    Assert.Equal(serializerId, read.SerializerId);
                    Assert.Equal("m"u8, read.Manifest);
                    Assert.Equal(sequence, read.Sequence);
                }
    }

    [Fact]
    public void An_acknowledgement_is_read_as_it_was_written()
    {
        Assert.Equal("0A0B0A09090500000000000000", Convert.ToHexString(new Acknowledgement(5, []).ToPdu()));
        Assert.Equal("0A020A00", Convert.ToHexString(new Acknowledgement(0, []).ToPdu()));
        var ack = new Acknowledgement(9, [3, 7]);
        Assert.True(Pdu.IsPayload(ack.ToPdu(), out var payload, out _));

        var read = Acknowledgement.Read(InboundEnvelope.Read(payload).Ack);

        Assert.Equal(9ul, read.Cumulative);
        Assert.Equal([3ul, 7ul], read.Nacks);
    }

    [Fact]
    public void No_bytes_whatever_do_worse_than_be_refused()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var garbage = new byte[random.Next(64)];
            random.NextBytes(garbage);
            try
            {
                if (Pdu.IsPayload(garbage, out var payload, out _))
                {
                    var envelope = InboundEnvelope.Read(payload);
                    if (envelope.HasAck)
                        Acknowledgement.Read(envelope.Ack);
                }
            }
            catch (AkkaProtocolException)
            {
                // Refused.
            }
        }
    }
}

public class SystemDeliveryTests
{
    private readonly List<int> _delivered = [];
    private readonly SystemInbox _inbox = new();

    [Fact]
    public void Messages_are_delivered_once_and_in_order_whatever_the_order_they_come_in()
    {
        foreach (var sequence in new ulong[] { 2, 0, 0, 3, 1, 2, 4 })
            Receive(sequence);

        Assert.Equal([0, 1, 2, 3, 4], _delivered);
        Assert.False(_inbox.HasGap);
        Assert.Equal(4ul, _inbox.Acknowledge()!.Value.Cumulative);
        Assert.Empty(_inbox.Acknowledge()!.Value.Nacks);
    }

    [Fact]
    public void What_is_missing_is_asked_for()
    {
        Receive(0);
        Receive(2);
        Receive(5);

        var ack = _inbox.Acknowledge()!.Value;

        Assert.Equal(5ul, ack.Cumulative);
        Assert.Equal([1ul, 3ul, 4ul], ack.Nacks);
        Assert.Equal([0], _delivered);
    }

    [Fact]
    public void Nothing_is_acknowledged_before_anything_came() => Assert.Null(_inbox.Acknowledge());

    [Fact]
    public void What_is_acknowledged_is_forgotten_and_what_is_asked_for_comes_back()
    {
        var outbox = Outbox(5);

        var resend = outbox.Acknowledge(new Acknowledgement(3, [1]));

        Assert.Equal([1ul], resend!.Select(entry => entry.Sequence));
        Assert.Equal([1ul, 4ul], outbox.Unacked.Select(entry => entry.Sequence));
        Assert.Empty(outbox.Acknowledge(new Acknowledgement(4, []))!);
        Assert.True(outbox.IsEmpty);
    }

    [Fact]
    public void What_was_never_sent_or_is_no_longer_here_cannot_be_asked_for()
    {
        Assert.Null(Outbox(2).Acknowledge(new Acknowledgement(2, [])));
        var outbox = Outbox(3);
        outbox.Acknowledge(new Acknowledgement(1, []));
        Assert.Null(outbox.Acknowledge(new Acknowledgement(2, [0])));
    }

    private static SystemOutbox Outbox(int count)
    {
        var outbox = new SystemOutbox(100);
        for (var i = 0; i < count; i++)
            outbox.Add(i, null!, [1], new SerializedMessage([], 22, []));
        return outbox;
    }

    private void Receive(ulong sequence) => _inbox.Receive(sequence,
        new SequencedMessage([], [], [], (int)sequence, []), message => _delivered.Add(message.SerializerId));
}
#endif
