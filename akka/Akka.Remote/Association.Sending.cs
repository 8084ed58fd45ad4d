using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Delivery;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

internal sealed partial class Association
{
    /// <summary>Sends an ordinary message, at most once; what cannot be sent goes to dead letters.</summary>
    public void Send(object message, IActorRef? sender, RemoteActorRef recipient)
    {
        if (message is ISystemMessage)
        {
            SendSystem(message, recipient);
            return;
        }
        if (_writer is null && !MayTry())
        {
            _remoting.DeadLetter(message, sender, recipient);
            return;
        }
        if (!TrySerialize(message, recipient, out var serialized))
            return;
        var envelope = new OutboundEnvelope(recipient.WirePath, Binding.Codec.SenderPath(sender), serialized, OutboundEnvelope.Unsequenced)
        {
            IsUrgent = sender is not (null or ActorRefWithCell),
        };
        if (IsOversized(message, recipient, envelope.PduSize))
            return;
        var result = _writer?.Write(envelope) ?? WriteResult.Closed;
        if (result == WriteResult.Closed)
            result = WriteOrWait(message, sender, recipient, envelope);
        if (result != WriteResult.Taken)
            Drop(message, sender, recipient, result);
    }

    private bool MayTry()
    {
        lock (_gate)
            return _attempt is not null || _writer is not null || (!_remoting.IsShutDown && Now >= _gatedUntil);
    }

    private WriteResult WriteOrWait(object message, IActorRef? sender, RemoteActorRef recipient, in OutboundEnvelope envelope)
    {
        ConnectAttempt? started = null;
        ProtocolLink? writer;
        lock (_gate)
        {
            writer = _writer;
            if (writer is not { IsOpen: true })
            {
                writer = null;
                if (_waitingBytes + envelope.PduSize > _settings.OutboundBufferBytes)
                    return WriteResult.Full;
                if (_attempt is null && !TryStartAttemptLocked(out started))
                    return WriteResult.Closed;
                _waitingBytes += envelope.PduSize;
                _waiting.Enqueue(new WaitingMessage(message, sender, recipient, envelope, null));
                WarnOfWaitingLocked();
            }
        }
        if (writer is not null)
            return writer.Write(envelope);
        started?.Run();
        return WriteResult.Taken;
    }

    private bool TrySerialize(object message, RemoteActorRef recipient, out SerializedMessage serialized)
    {
        try
        {
            serialized = Binding.Codec.Serialize(message);
            return true;
        }
        catch (Exception e)
        {
            // The sender has long gone on in the published runtime: it learns of this from the log there as here.
            _remoting.Log.Error(e, "Message of type [{0}] to [{1}] was not sent: {2}", message.GetType(), recipient, e.Message);
            serialized = default;
            return false;
        }
    }

    private bool IsOversized(object message, RemoteActorRef recipient, int pduSize)
    {
        // The length prefix counts too: the published runtime's limit is on the whole frame.
        var size = pduSize + sizeof(int);
        var limit = Binding.Transport.MaximumPayloadBytes;
        if (size <= limit)
            return false;
        var cause = new OversizedPayloadException($"Discarding oversized payload sent to {recipient}: max allowed size {limit} bytes, "
            + $"actual size of encoded {message.GetType()} was {size} bytes.");
        _remoting.Log.Error(cause, "{0}", cause.Message);
        _remoting.Publish(new AssociationErrorEvent(cause, Local, Remote, inbound: false, LogLevel.ErrorLevel));
        return true;
    }

    private void Drop(object message, IActorRef? sender, RemoteActorRef recipient, WriteResult why)
    {
        if (why == WriteResult.Full)
            WarnOfDrops();
        _remoting.DeadLetter(message, sender, recipient);
    }

    private void WarnOfDrops()
    {
        long dropped;
        lock (_gate)
        {
            dropped = ++_dropped;
            if (Now < _nextDropWarning)
                return;
            _nextDropWarning = Now + TimeSpan.FromSeconds(1);
        }
        _remoting.Log.Warning("More than {0} bytes wait for [{1}], which does not take them: {2} messages were dropped so far",
            _settings.OutboundBufferBytes, Remote, dropped);
    }
}

/// <summary>A message that waits for a link to open, with all that dead letters will want to know of it.</summary>
internal readonly record struct WaitingMessage(object Message, IActorRef? Sender, RemoteActorRef Recipient, OutboundEnvelope Envelope, UnackedMessage? Unacked);
