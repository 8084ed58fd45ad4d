using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Remote.Delivery;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>
/// Everything between this system and one remote address: the links, which of them is written to, what waits for one to open, the
/// uid of who is there, and which uids will not be talked to again.
/// <para>
/// All writing goes to one link, from the time it opens until it ends: that keeps the order between any two actors. When it ends, the
/// other links to the address end with it and the address is gated.
/// </para>
/// </summary>
internal sealed partial class Association : ILinkOwner
{
    private readonly Lock _gate = new();
    private readonly Remoting _remoting;
    private readonly RemoteSettings _settings;
    private readonly List<ProtocolLink> _links = [];
    private readonly Queue<WaitingMessage> _waiting = new();
    private readonly Dictionary<int, TimeSpan> _quarantined = [];
    private volatile ProtocolLink? _writer;
    private long _waitingBytes;
    private bool _warnedOfWaiting;
    private bool _isReportedDown;
    private TimeSpan _gatedUntil;
    private ConnectAttempt? _attempt;
    private int? _uid;
    private long _dropped;
    private TimeSpan _nextDropWarning;

    public Association(Remoting remoting, TransportBinding binding, Address remote)
    {
        _remoting = remoting;
        _settings = remoting.Settings;
        Binding = binding;
        Remote = remote;
        _outbox = new SystemOutbox(_settings.SysMsgBufferSize);
    }

    public Address Remote { get; }

    public TransportBinding Binding { get; }

    public Address Local => Binding.Address;

    private TimeSpan Now => _remoting.System.Scheduler.MonotonicClock;

    /// <summary>Never talks to that incarnation again. With no uid nobody can be told apart, so the address is only gated.</summary>
    public void Quarantine(int? uid, string reason)
    {
        var ended = new Endings();
        lock (_gate)
        {
            if (uid is { } known)
                QuarantineLocked(known, reason, ended);
            else
                GateLocked(ended, DisassociateInfo.Unknown, reason);
        }
        if (uid is null)
            _remoting.Log.Warning("Association to [{0}] with unknown UID is reported as quarantined, but address cannot be quarantined without "
                + "knowing the UID, gating instead for {1} ms.", Remote, _settings.RetryGateClosedFor.TotalMilliseconds);
        ended.Run(this);
    }

    /// <summary>Ends all links, telling the peer that this system shuts down.</summary>
    public void Shutdown()
    {
        List<ProtocolLink> links;
        lock (_gate)
        {
            links = [.. _links];
            _links.Clear();
            _writer = null;
            _attempt?.Cancel();
            _resendTimer?.Cancel();
            _ackTimer?.Cancel();
        }
        foreach (var link in links)
            link.Close(DisassociateInfo.Shutdown, "this system shuts down");
    }

    public void OnPayload(ProtocolLink link, ReadOnlySpan<byte> payload) => link.Dispatcher?.Dispatch(payload);

    public void OnOpened(ProtocolLink link)
    {
        var ended = new Endings();
        var accepted = false;
        var isBack = false;
        // What is written under the lock is sent when it is free again, all in one go.
        using var turn = TurnEnd.Enter();
        lock (_gate)
        {
            if (_remoting.IsShutDown)
                ended.Close(link, DisassociateInfo.Shutdown, "this system shuts down");
            else if (IsQuarantined(link.Peer.Uid))
                RefuseLocked(link, ended);
            else
            {
                accepted = true;
                isBack = _isReportedDown;
                _isReportedDown = false;
                AcceptLocked(link, ended);
            }
        }
        if (isBack)
            _remoting.Log.Info("Associated again with remote address [{0}]", Remote);
        // Before the first message of the link, so that a watcher of events sees the link before what comes over it.
        if (accepted)
            _remoting.Publish(new AssociatedEvent(Local, Remote, link.IsInbound));
        ended.Run(this);
    }

    public void OnClosed(ProtocolLink link, LinkEnd end)
    {
        var ended = new Endings();
        bool gated;
        lock (_gate)
        {
            _links.Remove(link);
            gated = _writer == link || _attempt?.Link == link;
            if (gated)
                GateLocked(ended, DisassociateInfo.Unknown, end.Reason);
            _isReportedDown |= gated && end is { ByPeer: true, Info: DisassociateInfo.Unknown };
        }
        _remoting.OnLinkEnded(this, link, end, gated);
        ended.Run(this);
    }

    private void AcceptLocked(ProtocolLink link, Endings ended)
    {
        var uid = link.Peer.Uid;
        if (_uid is { } old && old != uid)
            SucceedLocked(old, ended);
        _uid = uid;
        if (_attempt?.Link == link)
        {
            _attempt.Cancel();
            _attempt = null;
        }
        if (link.IsInbound)
            CloseSupersededLocked(ended);
        _links.Add(link);
        link.OpenedAt = Now;
        link.Dispatcher = new InboundDispatcher(_remoting, this, link);
        if (_writer is { IsOpen: true } || (link.IsInbound && !_settings.UsePassiveConnections))
            return;
        _gatedUntil = TimeSpan.Zero;
        ResendSentLocked(link);
        DrainLocked(link, ended);
        _writer = link;
    }

    // Another incarnation is at the address: the one before it is over, and nothing of it goes on. The new one is there to talk to, so the
    // address is not gated, and what waits for whoever is there still goes; system messages were meant for the one before.
    private void SucceedLocked(int old, Endings ended)
    {
        RememberQuarantineLocked(old, ended);
        foreach (var link in _links)
            ended.Close(link, DisassociateInfo.Quarantined, "a new incarnation is at the address");
        _links.Clear();
        _writer = null;
        for (var left = _waiting.Count; left > 0; left--)
        {
            var waiting = _waiting.Dequeue();
            if (waiting.Unacked is null)
                _waiting.Enqueue(waiting);
        }
        ResetDeliveryLocked();
        ended.AddressTerminated();
    }

    // A peer that links in anew has lost the link it had, even if this side did not notice yet: to write to that would be to write to
    // nobody, and what is still to be read from it must not overtake. Only two systems that connect to each other at once have two.
    private void CloseSupersededLocked(Endings ended)
    {
        var recently = Now - Binding.Context.Settings.HandshakeTimeout;
        foreach (var older in _links.Where(older => older.IsInbound || older.OpenedAt < recently).ToList())
        {
            _links.Remove(older);
            if (_writer == older)
                _writer = null;
            ended.Close(older, DisassociateInfo.Unknown, "a newer link from the same system replaces it");
        }
    }

    private void RefuseLocked(ProtocolLink link, Endings ended)
    {
        if (_attempt?.Link == link)
        {
            GateLocked(ended, DisassociateInfo.Quarantined, "the system at the address is quarantined");
            ResetDeliveryLocked();
        }
        ended.Close(link, DisassociateInfo.Quarantined, $"uid {link.Peer.Uid} is quarantined");
    }

    private void QuarantineLocked(int uid, string reason, Endings ended)
    {
        RememberQuarantineLocked(uid, ended);
        if (_uid != uid)
            return;
        GateLocked(ended, DisassociateInfo.Quarantined, reason);
        ResetDeliveryLocked();
        _uid = null;
        ended.AddressTerminated();
    }

    private void RememberQuarantineLocked(int uid, Endings ended)
    {
        _quarantined[uid] = Now + (_settings.QuarantineDuration ?? TimeSpan.FromDays(5));
        ended.Publish(new QuarantinedEvent(Remote, uid));
    }

    // From here on the address is left alone for a while: what waits is lost, and nothing is tried.
    private void GateLocked(Endings ended, DisassociateInfo info, string reason)
    {
        _attempt?.Cancel();
        if (_attempt?.Link is { } connecting)
            ended.Close(connecting, info, reason);
        _attempt = null;
        foreach (var link in _links)
            ended.Close(link, info, reason);
        _links.Clear();
        _writer = null;
        _gatedUntil = Now + _settings.RetryGateClosedFor;
        DropWaitingLocked(ended);
        RetryAfterGateLocked();
    }

    private bool IsQuarantined(int uid)
    {
        if (!_quarantined.TryGetValue(uid, out var until))
            return false;
        if (Now < until)
            return true;
        _quarantined.Remove(uid);
        return false;
    }

    private void DrainLocked(ProtocolLink link, Endings ended)
    {
        while (_waiting.TryDequeue(out var waiting))
        {
            if (waiting.Unacked is { } unacked)
                unacked.WasSent = true;
            if (link.Write(waiting.Envelope with { IsUrgent = false }) != WriteResult.Taken && waiting.Unacked is null)
                ended.DeadLetter(waiting);
        }
        _waitingBytes = 0;
        _warnedOfWaiting = false;
    }

    private void DropWaitingLocked(Endings ended)
    {
        while (_waiting.TryDequeue(out var waiting))
        {
            // A system message stays in the outbox and is sent over the next link.
            if (waiting.Unacked is { } unacked)
                unacked.WasSent = true;
            else
                ended.DeadLetter(waiting);
        }
        _waitingBytes = 0;
        _warnedOfWaiting = false;
    }

    private void WarnOfWaitingLocked()
    {
        if (_warnedOfWaiting || _waiting.Count <= _settings.LogBufferSizeExceeding)
            return;
        _warnedOfWaiting = true;
        _remoting.Log.Warning("[{0}] messages wait for a link to [{1}] to open", _waiting.Count, Remote);
    }
}
