namespace Akka.Actor;

public partial class ActorCell
{
    private TimeSpan? _receiveTimeout;
    private ICancelable? _receiveTimeoutTask;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A receive timeout must be longer than zero; null turns it off");
        _receiveTimeout = timeout;
        CancelReceiveTimeout();
        if (_currentMessage is null)
            CheckReceiveTimeout();
    }

    public void CheckReceiveTimeout(bool reschedule = true)
    {
        if (!reschedule)
            return;
        CancelReceiveTimeout();
        if (_receiveTimeout is { } timeout && !Mailbox.IsClosed && _actor is not null)
            _receiveTimeoutTask = _system.Scheduler.TellOnceLater(timeout, _self, Akka.Actor.ReceiveTimeout.Instance, _self);
    }

    private void CancelReceiveTimeout()
    {
        _receiveTimeoutTask?.Cancel();
        _receiveTimeoutTask = null;
    }
}
