using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Remote.Delivery;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote;

// Reliable delivery of system messages: numbered, kept until acknowledged, sent again, and the end of the peer's incarnation if that fails.
internal sealed partial class Association
{
    private readonly Lock _inboxGate = new();
    private SystemOutbox _outbox;
    private SystemInbox _inbox = new();
    private int _inboxUid;
    private ICancelable? _resendTimer;
    private ICancelable? _ackTimer;
    private TimeSpan _unackedSince;

    private void SendSystem(object message, RemoteActorRef recipient)
    {
        if (!TrySerialize(message, recipient, out var serialized))
            return;
        ConnectAttempt? started = null;
        var ended = new Endings();
        using var turn = TurnEnd.Enter();
        lock (_gate)
        {
            if (_remoting.IsShutDown)
            {
                ended.DeadLetter(new WaitingMessage(message, null, recipient, default, null));
            }
            else if (_outbox.IsFull)
            {
                GiveUpLocked($"more than {_settings.SysMsgBufferSize} system messages wait for its acknowledgement", ended);
            }
            else
            {
                if (_outbox.IsEmpty)
                    _unackedSince = Now;
                var entry = _outbox.Add(message, recipient, recipient.WirePath, serialized);
                StartResendTimerLocked();
                WriteSystemLocked(entry, recipient, out started);
            }
        }
        started?.Run();
        ended.Run(this);
    }

    private void WriteSystemLocked(UnackedMessage entry, RemoteActorRef recipient, out ConnectAttempt? started)
    {
        started = null;
        if (_writer is { IsOpen: true } writer)
        {
            entry.WasSent = true;
            writer.Write(entry.Envelope);
        }
        else if (_attempt is not null || TryStartAttemptLocked(out started))
        {
            _waiting.Enqueue(new WaitingMessage(entry.Message, null, recipient, entry.Envelope, entry));
        }
        else
        {
            entry.WasSent = true;
            if (_outbox.Count == 1)
                RetryAfterGateLocked();
        }
    }

    private void ResendSentLocked(ProtocolLink link)
    {
        foreach (var entry in _outbox.Unacked)
        {
            if (entry.WasSent)
                link.Write(entry.Envelope);
        }
    }

    private void StartResendTimerLocked()
    {
        if (_resendTimer is not null)
            return;
        var timer = new Cancelable(_remoting.System.Scheduler);
        _resendTimer = timer;
        _remoting.System.Scheduler.Advanced.ScheduleRepeatedly(_settings.SysResendTimeout, _settings.SysResendTimeout, OnResendTick, timer);
    }

    private void OnResendTick()
    {
        var ended = new Endings();
        using var turn = TurnEnd.Enter();
        lock (_gate)
        {
            if (_outbox.IsEmpty)
            {
                _resendTimer?.Cancel();
                _resendTimer = null;
                return;
            }
            var silent = Now - _unackedSince;
            if (_uid is null && silent > _settings.InitialSysMsgDeliveryTimeout)
                GiveUpLocked("the address never answered", ended);
            else if (_uid is not null && silent > _settings.QuarantineSilentSystemTimeout)
                GiveUpLocked("it was silent for too long while system messages waited for it", ended);
            else if (_writer is { IsOpen: true } writer)
            {
                foreach (var entry in _outbox.Unacked.Where(entry => entry.WasSent).Take(_settings.SysResendLimit))
                    writer.Write(entry.Envelope);
            }
        }
        ended.Run(this);
    }

    // Delivery of system messages has failed for good: without a watch's answer nothing this peer says of its actors can be relied on.
    private void GiveUpLocked(string reason, Endings ended)
    {
        _remoting.Log.Error("Association to [{0}] with UID [{1}] is irrecoverably failed: {2}", Remote, _uid?.ToString() ?? "unknown", reason);
        if (_uid is { } uid)
            QuarantineLocked(uid, reason, ended);
        else
        {
            ResetDeliveryLocked();
            GateLocked(ended, DisassociateInfo.Unknown, reason);
            ended.AddressTerminated();
        }
    }

    private void ResetDeliveryLocked()
    {
        // Not to dead letters: a watch that ended there would be answered as if its actor had never been.
        _outbox = new SystemOutbox(_settings.SysMsgBufferSize);
        _resendTimer?.Cancel();
        _resendTimer = null;
    }

    public void OnAcknowledgement(ProtocolLink link, Acknowledgement ack)
    {
        var ended = new Endings();
        using var turn = TurnEnd.Enter();
        lock (_gate)
        {
            if (link.Peer.Uid != _uid)
                return;
            _unackedSince = Now;
            if (_outbox.Acknowledge(ack) is not { } wanted)
            {
                GiveUpLocked($"it asks for system messages that are not here (up to {ack.Cumulative}, missing [{string.Join(", ", ack.Nacks)}])", ended);
            }
            else
            {
                foreach (var entry in wanted)
                    _writer?.Write(entry.Envelope);
            }
        }
        ended.Run(this);
    }

    /// <summary>Delivers a sequenced message in its turn, and sees that it is acknowledged.</summary>
    public void OnSystemMessage(ProtocolLink link, ulong sequence, SequencedMessage message, Action<SequencedMessage> deliver)
    {
        bool urgent;
        lock (_inboxGate)
        {
            if (!link.IsOpen)
                return;
            if (_inboxUid != link.Peer.Uid)
            {
                _inbox = new SystemInbox();
                _inboxUid = link.Peer.Uid;
            }
            _inbox.Receive(sequence, message, deliver);
            urgent = _inbox.HasGap;
            if (!urgent && _ackTimer is null)
            {
                var timer = new Cancelable(_remoting.System.Scheduler);
                _ackTimer = timer;
                // Half of the limit, so that it is kept when the scheduler's tick comes late.
                _remoting.System.Scheduler.Advanced.ScheduleOnce(_settings.SysMsgAckTimeout / 2, () => SendAcknowledgement(link), timer);
            }
        }
        if (urgent)
            SendAcknowledgement(link);
    }

    private void SendAcknowledgement(ProtocolLink link)
    {
        Acknowledgement? ack;
        lock (_inboxGate)
        {
            _ackTimer = null;
            ack = _inboxUid == link.Peer.Uid ? _inbox.Acknowledge() : null;
        }
        if (ack is { } known)
            (_writer ?? link).Write(known.ToPdu());
    }
}
