using Akka.Actor;
using Akka.Event;
using Google.Protobuf;

namespace Akka.Remote.Transport;

public interface IHandleEvent : INoSerializationVerificationNeeded;

public interface IAssociationEvent : INoSerializationVerificationNeeded;

public sealed class InboundPayload(ByteString payload) : IHandleEvent
{
    public ByteString Payload { get; } = payload;

    public override string ToString() => $"InboundPayload(size = {Payload.Length} bytes)";
}

/// <summary>The link is gone.</summary>
public sealed class Disassociated : IHandleEvent, IDeadLetterSuppression
{
    internal readonly DisassociateInfo Info;

    public Disassociated(DisassociateInfo info) => Info = info;
}

/// <summary>The transport failed beneath a link that it still holds open.</summary>
public sealed class UnderlyingTransportError : IHandleEvent
{
    internal readonly Exception Cause;
    internal readonly string Message;

    public UnderlyingTransportError(Exception cause, string message)
    {
        Cause = cause;
        Message = message;
    }
}

public sealed class InboundAssociation(AssociationHandle association) : IAssociationEvent
{
    public AssociationHandle Association { get; } = association;
}

public enum DisassociateInfo
{
    Unknown = 0,
    Shutdown = 1,
    Quarantined = 2,
}

/// <summary>The remote address cannot be linked to: wrong, refused, or unreachable.</summary>
public class InvalidAssociationException : AkkaException
{
    public InvalidAssociationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A peer that does not speak the protocol.</summary>
public class AkkaProtocolException : AkkaException
{
    public AkkaProtocolException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
