namespace Akka.Actor;

// Asynchronous handlers: while one is not finished, user messages wait.
public partial class ActorCell
{
    private int _pendingTasks;

    /// <summary>Counts the actor instances: a handler of an earlier one has no say any more.</summary>
    private int _taskEpoch;

    internal int BeginTask()
    {
        _pendingTasks++;
        Mailbox.SetAwaiting(true);
        return _taskEpoch;
    }

    internal void EndTask(int epoch, Exception? failure)
    {
        if (epoch != _taskEpoch)
            return;
        if (failure is not null)
            HandleInvokeFailure(failure);
        if (--_pendingTasks > 0)
            return;
        Mailbox.SetAwaiting(false);
        if (failure is null)
            ClearCurrentEnvelope();
        CheckReceiveTimeout();
    }

    private void AbandonTasks()
    {
        _taskEpoch++;
        if (_pendingTasks == 0)
            return;
        _pendingTasks = 0;
        Mailbox.SetAwaiting(false);
    }
}
