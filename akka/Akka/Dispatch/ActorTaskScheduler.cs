using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs the steps of an actor's asynchronous handlers, each as a turn of the actor. While a handler is not
/// finished the mailbox keeps the user messages back.
/// </summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public override int MaximumConcurrencyLevel => 1;

    public object CurrentMessage => _cell.CurrentMessage;

    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <exception cref="InvalidOperationException">No actor's turn is being run by this thread.</exception>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("RunTask must be called from an actor context.");
        cell.TaskScheduler.Start(asyncAction);
    }

    internal void RunStep(Task task) => TryExecuteTask(task);

    protected override IEnumerable<Task>? GetScheduledTasks() => null;

    protected override void QueueTask(Task task) => _cell.SelfInternal.SendSystemMessage(new ActorTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.Current, _cell) && TryExecuteTask(task);

    private void Start(Func<Task> asyncAction)
    {
        var start = new Task<Task>(asyncAction, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
        start.RunSynchronously(this);
        var handler = start.IsCompletedSuccessfully ? start.Result : start;
        if (handler.IsCompletedSuccessfully)
            return;
        var epoch = _cell.BeginTask();
        handler.ContinueWith(
            (task, state) => _cell.EndTask((int)state!, FailureOf(task)),
            epoch,
            CancellationToken.None,
            handler.IsCompleted ? TaskContinuationOptions.None : TaskContinuationOptions.ExecuteSynchronously,
            this);
    }

    private static Exception? FailureOf(Task task)
    {
        if (task.IsCompletedSuccessfully)
            return null;
        if (task.Exception is not { } failure)
            return new TaskCanceledException(task);
        return failure.InnerExceptions.Count == 1 ? failure.InnerException : failure;
    }
}
