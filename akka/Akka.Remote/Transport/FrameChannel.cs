using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

internal enum WriteResult
{
    Taken,

    /// <summary>Too much waits for this peer already.</summary>
    Full,
    Closed,
}

/// <summary>
/// What a handle of ours can do beyond the published surface: put an envelope down straight into the socket's buffer. Both ways of
/// writing share one order.
/// </summary>
internal interface IEnvelopeWriter
{
    WriteResult Write(in OutboundEnvelope envelope);
}

/// <summary>What a handle of ours asks of its listener: take a PDU from the receive buffer, without a copy.</summary>
internal interface IPduListener
{
    void OnPdu(ReadOnlySpan<byte> pdu);
}
