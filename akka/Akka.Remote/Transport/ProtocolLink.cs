using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Transport;

/// <summary>Why a link ended.</summary>
/// <param name="Info">What the peer gave as its reason, or we to it.</param>
/// <param name="Reason">In words, for the log.</param>
/// <param name="ByPeer">The peer closed it, or it broke; false: this side did.</param>
internal readonly record struct LinkEnd(DisassociateInfo Info, string Reason, bool ByPeer);

/// <summary>What stands above a link. Its calls come in order, but on the transport's threads.</summary>
internal interface ILinkOwner
{
    void OnOpened(ProtocolLink link);

    void OnPayload(ProtocolLink link, ReadOnlySpan<byte> payload);

    void OnClosed(ProtocolLink link, LinkEnd end);
}

/// <summary>
/// The akka protocol on one association of any transport: a handshake that says who is there, heartbeats while it lasts, and
/// a reason when it ends. An outbound link speaks first, an inbound one answers.
/// </summary>
internal sealed class ProtocolLink : IHandleEventListener, IPduListener
{
    private const int Handshaking = 0;
    private const int Open = 1;
    private const int Closed = 2;

    private readonly AssociationHandle _handle;
    private readonly IEnvelopeWriter? _envelopeWriter;
    private readonly LinkContext _context;
    private readonly Cancelable _timers;
    private FailureDetector? _detector;
    private int _state;
    private volatile bool _heard;

    public ProtocolLink(AssociationHandle handle, bool inbound, LinkContext context, ILinkOwner owner)
    {
        _handle = handle;
        _envelopeWriter = handle as IEnvelopeWriter;
        Owner = owner;
        _context = context;
        _timers = new Cancelable(context.System.Scheduler);
        IsInbound = inbound;
    }

    public bool IsInbound { get; }

    /// <summary>Who the peer said it is; known once open.</summary>
    public HandshakeInfo Peer { get; private set; }

    public TimeSpan OpenedAt { get; set; }

    public bool IsOpen => Volatile.Read(ref _state) == Open;

    /// <summary>Who is told; an inbound link finds its association only by the handshake.</summary>
    public ILinkOwner Owner { get; set; }

    /// <summary>State that the layer above keeps with the link.</summary>
    public InboundDispatcher? Dispatcher { get; set; }

    public void Start()
    {
        var scheduler = _context.System.Scheduler.Advanced;
        scheduler.ScheduleOnce(_context.Settings.HandshakeTimeout, OnHandshakeTimeout, _timers);
        if (!IsInbound)
            Write(Pdu.Associate(_context.Self));
        _handle.ReadHandlerSource.TrySetResult(this);
    }

    public WriteResult Write(in OutboundEnvelope envelope)
    {
        if (_envelopeWriter is not null)
            return _envelopeWriter.Write(envelope);
        if (!IsOpen)
            return WriteResult.Closed;
        return Write(envelope.ToArray()) ? WriteResult.Taken : WriteResult.Full;
    }

    public bool Write(ReadOnlyMemory<byte> pdu) => _handle.Write(UnsafeByteOperations.UnsafeWrap(pdu));

    /// <summary>Ends the link from this side, telling the peer why.</summary>
    public void Close(DisassociateInfo info, string reason)
    {
        if (Interlocked.Exchange(ref _state, Closed) == Closed)
            return;
        Write(Pdu.Disassociate(info));
        Finish(new LinkEnd(info, reason, ByPeer: false));
    }

    public void OnPdu(ReadOnlySpan<byte> pdu)
    {
        if (Volatile.Read(ref _state) == Closed)
            return;
        _heard = true;
        try
        {
            if (!Pdu.IsPayload(pdu, out var payload, out var control))
                OnControl(control);
            else if (IsOpen)
                Owner.OnPayload(this, payload);
            else
                Close(DisassociateInfo.Unknown, "a message came before the handshake");
        }
        catch (AkkaProtocolException e)
        {
            Fail(e);
        }
    }

    void IHandleEventListener.Notify(IHandleEvent ev)
    {
        switch (ev)
        {
            case InboundPayload inbound:
                OnPdu(inbound.Payload.Span);
                break;
            case Disassociated ended:
                EndedByPeer(ended.Info, "the connection was closed");
                break;
            case UnderlyingTransportError error:
                _context.Log.Error(error.Cause, error.Message);
                break;
        }
    }

    private void OnControl(ControlPdu control)
    {
        switch (control.Command)
        {
            case ControlCommand.Associate when control.Handshake is { } info && !IsOpen:
                OnHandshake(info);
                break;
            case ControlCommand.Heartbeat when IsOpen:
            case ControlCommand.Associate when IsOpen && control.Handshake == Peer:
                break;
            case ControlCommand.Disassociate:
                EndedByPeer(DisassociateInfo.Unknown, "the remote system disassociated");
                break;
            case ControlCommand.DisassociateShuttingDown:
                EndedByPeer(DisassociateInfo.Shutdown, "the remote system is shutting down");
                break;
            case ControlCommand.DisassociateQuarantined:
                EndedByPeer(DisassociateInfo.Quarantined, "the remote system has quarantined this one");
                break;
            default:
                Close(DisassociateInfo.Unknown, $"unexpected {control.Command} {(IsOpen ? "on an open link" : "before the handshake")}");
                break;
        }
    }

    private void OnHandshake(HandshakeInfo info)
    {
        if (IsInbound)
            Write(Pdu.Associate(_context.Self));
        Peer = info;
        if (Interlocked.CompareExchange(ref _state, Open, Handshaking) != Handshaking)
            return;
        var settings = _context.Settings;
        _detector = FailureDetectorLoader.Load(settings.TransportFailureDetectorImplementationClass, settings.TransportFailureDetectorConfig, _context.System);
        _detector.HeartBeat();
        var interval = settings.TransportHeartBeatInterval;
        _context.System.Scheduler.Advanced.ScheduleRepeatedly(interval, interval, OnHeartbeatTick, _timers);
        Owner.OnOpened(this);
    }

    // The clock is read once a tick and not for every message: what came since the last tick counts as heard now.
    private void OnHeartbeatTick()
    {
        if (!IsOpen)
            return;
        if (_heard)
        {
            _heard = false;
            _detector!.HeartBeat();
        }
        if (_detector!.IsAvailable)
            Write(Pdu.Heartbeat);
        else
            Break("no response from the remote system: the transport failure detector triggered");
    }

    private void OnHandshakeTimeout()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Handshaking) != Handshaking)
            return;
        Write(Pdu.Disassociate(DisassociateInfo.Unknown));
        Finish(new LinkEnd(DisassociateInfo.Unknown, $"no handshake within {_context.Settings.HandshakeTimeout.TotalMilliseconds:0} ms", ByPeer: true));
    }

    private void Fail(AkkaProtocolException cause)
    {
        _context.Log.Error(cause, "Association with [{0}] ended: {1}", _handle.RemoteAddress, cause.Message);
        Break(cause.Message);
    }

    private void Break(string reason)
    {
        if (Interlocked.Exchange(ref _state, Closed) == Closed)
            return;
        Write(Pdu.Disassociate(DisassociateInfo.Unknown));
        Finish(new LinkEnd(DisassociateInfo.Unknown, reason, ByPeer: true));
    }

    private void EndedByPeer(DisassociateInfo info, string reason)
    {
        if (Interlocked.Exchange(ref _state, Closed) != Closed)
            Finish(new LinkEnd(info, reason, ByPeer: true));
    }

    private void Finish(LinkEnd end)
    {
        _timers.Cancel();
        _handle.Disassociate(end.Reason, _context.Log);
        Owner.OnClosed(this, end);
    }
}

/// <summary>What all links of one transport share.</summary>
internal sealed record LinkContext(ActorSystem System, AkkaProtocolSettings Settings, HandshakeInfo Self, ILoggingAdapter Log);
