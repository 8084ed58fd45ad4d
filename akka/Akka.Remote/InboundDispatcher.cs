using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Delivery;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>
/// Brings the messages of one link to their local recipients, on the thread that read them. It remembers what paths led to, so that a
/// message to an actor that was written to before is not resolved anew. For one thread at a time.
/// </summary>
internal sealed class InboundDispatcher
{
    private const int RememberedPaths = 1024;
    private const int RememberedManifests = 256;

    private static readonly byte[] TempSegment = "/temp/"u8.ToArray();

    private readonly BytesCache<IInternalActorRef> _recipients = new(RememberedPaths);
    private readonly BytesCache<IActorRef> _senders = new(RememberedPaths);
    private readonly BytesCache<string> _manifests = new(RememberedManifests);
    private readonly Remoting _remoting;
    private readonly Association _association;
    private readonly ProtocolLink _link;
    private readonly MessageCodec _codec;
    private readonly byte[] _localPrefix;
    private readonly byte[] _peerPrefix;

    public InboundDispatcher(Remoting remoting, Association association, ProtocolLink link)
    {
        _remoting = remoting;
        _association = association;
        _link = link;
        _codec = association.Binding.Codec;
        _localPrefix = Encoding.UTF8.GetBytes(association.Local.ToString());
        _peerPrefix = Encoding.UTF8.GetBytes(association.Remote.ToString());
    }

    /// <exception cref="AkkaProtocolException">The payload is malformed.</exception>
    public void Dispatch(ReadOnlySpan<byte> payload)
    {
        var envelope = InboundEnvelope.Read(payload);
        if (envelope.HasAck)
            _association.OnAcknowledgement(_link, Acknowledgement.Read(envelope.Ack));
        if (!envelope.HasEnvelope)
            return;
        if (envelope.Sequence == OutboundEnvelope.Unsequenced)
            Deliver(envelope.Recipient, envelope.Sender, envelope.Message, envelope.SerializerId, envelope.Manifest);
        else
            DispatchSequenced(envelope);
    }

    private void DispatchSequenced(in InboundEnvelope envelope)
    {
        var message = new SequencedMessage(envelope.Recipient.ToArray(), envelope.Sender.ToArray(), envelope.Message.ToArray(),
            envelope.SerializerId, envelope.Manifest.ToArray());
        _association.OnSystemMessage(_link, envelope.Sequence, message,
            next => Deliver(next.Recipient, next.Sender, next.Bytes, next.SerializerId, next.Manifest));
    }

    private void Deliver(ReadOnlySpan<byte> recipientPath, ReadOnlySpan<byte> senderPath, ReadOnlySpan<byte> bytes, int serializerId, ReadOnlySpan<byte> manifestBytes)
    {
        var recipient = Recipient(recipientPath);
        if (recipient is null)
        {
            _remoting.Log.Error("Dropping message for non-local recipient [{0}] arriving at [{1}]", Encoding.UTF8.GetString(recipientPath), _association.Local);
            return;
        }
        object message;
        var manifest = Manifest(manifestBytes);
        try
        {
            message = _codec.Deserialize(bytes, serializerId, manifest);
        }
        catch (Exception e)
        {
            _remoting.Log.Error(e, "Message to [{0}] from [{1}] was dropped: serializer id [{2}] with manifest [{3}] could not read its {4} bytes: {5}",
                recipient, _association.Remote, serializerId, manifest, bytes.Length, e.Message);
            return;
        }
        try
        {
            Deliver(recipient, message, senderPath.IsEmpty ? null : Sender(senderPath));
        }
        catch (Exception e)
        {
            _remoting.Log.Error(e, "Message of type [{0}] from [{1}] could not be delivered to [{2}]: {3}", message.GetType(), _association.Remote, recipient, e.Message);
        }
    }

    private void Deliver(IInternalActorRef recipient, object message, IActorRef? sender)
    {
        if (_remoting.Settings.LogReceive)
            _remoting.Log.Debug("received local message [{0}] to [{1}] from [{2}]", message, recipient, sender);
        if (_remoting.UseUntrustedMode && !IsTrusted(message))
        {
            _remoting.Log.Debug("operating in UntrustedMode, dropping inbound message of type [{0}] to [{1}]", message.GetType(), recipient);
            return;
        }
        switch (message)
        {
            case ISystemMessage system:
                recipient.SendSystemMessage(system);
                break;
            case ActorSelectionMessage selection:
                ActorSelection.DeliverSelection(recipient, sender!, selection);
                break;
            default:
                recipient.Tell(message, sender!);
                break;
        }
    }

    private bool IsTrusted(object message) => message switch
    {
        ActorSelectionMessage selection => IsTrusted(selection.Message) && _remoting.Settings.TrustedSelectionPaths.Contains(
            "/" + string.Join('/', selection.Elements.Select(element => element.ToString()))),
        ISystemMessage or IPossiblyHarmful => false,
        _ => true,
    };

    private IInternalActorRef? Recipient(ReadOnlySpan<byte> path)
    {
        if (TryLocal(path, out var local) && local.StartsWith(TempSegment))
            return _remoting.Provider.FindTemp(local[TempSegment.Length..]);
        if (_recipients.Find(path, out var slot) is { } known && !known.IsTerminated)
            return known;
        var resolved = _remoting.Provider.ResolveLocal(Encoding.UTF8.GetString(path));
        if (resolved is { IsTerminated: false })
            _recipients.Store(slot, path.ToArray(), resolved);
        return resolved;
    }

    private IActorRef Sender(ReadOnlySpan<byte> path)
    {
        var ofPeer = path.StartsWith(_peerPrefix) && path.Length > _peerPrefix.Length && path[_peerPrefix.Length] == (byte)'/';
        if (ofPeer && path[_peerPrefix.Length..].StartsWith(TempSegment))
            return new RemoteActorRef(_remoting, _association, path.ToArray());
        if (_senders.Find(path, out var slot) is { } known)
            return known;
        IActorRef resolved;
        var key = path.ToArray();
        if (ofPeer)
            resolved = new RemoteActorRef(_remoting, _association, key);
        else
            resolved = _remoting.Provider.ResolveActorRefWithLocalAddress(Encoding.UTF8.GetString(path), _association.Local);
        if (resolved is RemoteActorRef)
            _senders.Store(slot, key, resolved);
        return resolved;
    }

    private bool TryLocal(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> local)
    {
        local = default;
        if (!path.StartsWith(_localPrefix))
            return false;
        local = path[_localPrefix.Length..];
        return local.IsEmpty || local[0] == (byte)'/';
    }

    private string Manifest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return string.Empty;
        if (_manifests.Find(bytes, out var slot) is { } known)
            return known;
        var manifest = Encoding.UTF8.GetString(bytes);
        _manifests.Store(slot, bytes.ToArray(), manifest);
        return manifest;
    }
}
