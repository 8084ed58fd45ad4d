using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;

namespace Akka.Remote;

internal sealed partial class Association
{
    private bool _retryIsScheduled;

    private bool TryStartAttemptLocked(out ConnectAttempt? attempt)
    {
        attempt = null;
        if (_remoting.IsShutDown || Now < _gatedUntil)
            return false;
        attempt = _attempt = new ConnectAttempt(this);
        return true;
    }

    private void RetryAfterGateLocked()
    {
        if (_retryIsScheduled || _outbox.IsEmpty || _remoting.IsShutDown)
            return;
        _retryIsScheduled = true;
        var delay = _gatedUntil > Now ? _gatedUntil - Now : TimeSpan.Zero;
        _remoting.System.Scheduler.Advanced.ScheduleOnce(delay, ConnectForSystemMessages);
    }

    private void ConnectForSystemMessages()
    {
        ConnectAttempt? attempt = null;
        lock (_gate)
        {
            _retryIsScheduled = false;
            if (_outbox.IsEmpty || _writer is not null || _attempt is not null)
                return;
            if (!TryStartAttemptLocked(out attempt))
                RetryAfterGateLocked();
        }
        attempt?.Run();
    }

    private void OnConnectFailed(ConnectAttempt attempt, Exception cause)
    {
        var ended = new Endings();
        bool isNews;
        lock (_gate)
        {
            if (_attempt != attempt)
                return;
            GateLocked(ended, DisassociateInfo.Unknown, cause.Message);
            isNews = !_isReportedDown;
            _isReportedDown = true;
        }
        // A peer that stays away is tried each time the gate opens: one event for the log, not one a second.
        const string words = "Tried to associate with unreachable remote address [{0}]. Address is now gated for {1} ms, all messages to this "
            + "address will be delivered to dead letters. Reason: [{2}]";
        var gateMillis = _settings.RetryGateClosedFor.TotalMilliseconds;
        if (isNews)
            _remoting.Log.Warning(words, Remote, gateMillis, cause.Message);
        else
            _remoting.Log.Debug(words, Remote, gateMillis, cause.Message);
        _remoting.Publish(new AssociationErrorEvent(cause, Local, Remote, inbound: false, LogLevel.WarningLevel));
        ended.Run(this);
    }

    /// <summary>One try to open a link to the peer; a later event may make it void.</summary>
    private sealed class ConnectAttempt(Association owner)
    {
        private readonly Cancelable _timer = new(owner._remoting.System.Scheduler);

        public ProtocolLink? Link { get; private set; }

        public void Run()
        {
            var limit = owner.Binding.Context.Settings.HandshakeTimeout;
            owner._remoting.System.Scheduler.Advanced.ScheduleOnce(limit, () => owner.OnConnectFailed(this,
                new InvalidAssociationException($"No response from remote. Handshake timed out after {limit.TotalMilliseconds:0} ms.")), _timer);
            Task<AssociationHandle> connecting;
            try
            {
                connecting = owner.Binding.Transport.Associate(owner.Binding.ToTransportAddress(owner.Remote));
            }
            catch (Exception e)
            {
                connecting = Task.FromException<AssociationHandle>(e);
            }
            connecting.ContinueWith(OnConnected, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        public void Cancel() => _timer.Cancel();

        private void OnConnected(Task<AssociationHandle> connecting)
        {
            if (!connecting.IsCompletedSuccessfully)
            {
                owner.OnConnectFailed(this, connecting.Exception?.GetBaseException() ?? new InvalidAssociationException("The attempt was cancelled"));
                return;
            }
            var handle = connecting.Result;
            ProtocolLink? link = null;
            lock (owner._gate)
            {
                if (owner._attempt == this)
                    Link = link = new ProtocolLink(handle, inbound: false, owner.Binding.Context, owner);
            }
            if (link is null)
                handle.Disassociate("the attempt is void", owner._remoting.Log);
            else
                link.Start();
        }
    }

    /// <summary>What a change of state leads to outside: run once the association's lock is released.</summary>
    private sealed class Endings
    {
        private readonly List<Action<Association>> _steps = [];

        public void Close(ProtocolLink link, DisassociateInfo info, string reason) => _steps.Add(_ => link.Close(info, reason));

        public void Publish(RemotingLifecycleEvent ev) => _steps.Add(owner => owner._remoting.Publish(ev));

        public void AddressTerminated() => _steps.Add(owner => owner._remoting.PublishAddressTerminated(owner.Remote));

        public void DeadLetter(WaitingMessage waiting) =>
            _steps.Add(owner => owner._remoting.DeadLetter(waiting.Message, waiting.Sender, waiting.Recipient));

        public void Run(Association owner)
        {
            foreach (var step in _steps)
                step(owner);
        }
    }
}
