namespace Akka.Actor;

/// <summary>
/// Sends what a task ends with to an actor, on the thread that completes the task: the result, or what
/// <c>success</c> makes of it; a <see cref="Status.Failure"/>, or what <c>failure</c> makes of the exception.
/// </summary>
public static class PipeToSupport
{
    public static Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        if (taskToPipe.IsCompleted)
        {
            Deliver(taskToPipe, recipient, sender, success, failure);
            return Task.CompletedTask;
        }

        return taskToPipe.ContinueWith(
            task => Deliver(task, recipient, sender, success, failure),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public static Task PipeTo<T>(
        this Task<T> taskToPipe,
        ICanTell recipient,
        bool useConfigureAwait,
        IActorRef? sender = null,
        Func<T, object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.PipeTo(recipient, sender, success, failure);

    public static Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        if (taskToPipe.IsCompleted)
        {
            Deliver(taskToPipe, recipient, sender, success, failure);
            return Task.CompletedTask;
        }

        return taskToPipe.ContinueWith(
            task => Deliver(task, recipient, sender, success, failure),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public static Task PipeTo(
        this Task taskToPipe,
        ICanTell recipient,
        bool useConfigureAwait,
        IActorRef? sender = null,
        Func<object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.PipeTo(recipient, sender, success, failure);

    public static Task PipeTo<T>(
        this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, sender, success, failure);

    public static Task PipeTo<T>(
        this ValueTask<T> taskToPipe,
        ICanTell recipient,
        bool useConfigureAwait,
        IActorRef? sender = null,
        Func<T, object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, sender, success, failure);

    public static Task PipeTo(
        this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, sender, success, failure);

    public static Task PipeTo(
        this ValueTask taskToPipe,
        ICanTell recipient,
        bool useConfigureAwait,
        IActorRef? sender = null,
        Func<object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, sender, success, failure);

    private static void Deliver<T>(
        Task<T> task, ICanTell recipient, IActorRef? sender, Func<T, object>? success, Func<Exception, object>? failure)
    {
        if (!task.IsCompletedSuccessfully)
            DeliverFailure(task, recipient, sender, failure);
        else
            recipient.Tell(success is null ? task.Result! : success(task.Result), sender!);
    }

    private static void Deliver(Task task, ICanTell recipient, IActorRef? sender, Func<object>? success, Func<Exception, object>? failure)
    {
        if (!task.IsCompletedSuccessfully)
            DeliverFailure(task, recipient, sender, failure);
        else if (success is not null)
            recipient.Tell(success(), sender!);
    }

    private static void DeliverFailure(Task task, ICanTell recipient, IActorRef? sender, Func<Exception, object>? failure)
    {
        Exception cause = task.Exception is { } aggregate
            ? aggregate.InnerExceptions.Count == 1 ? aggregate.InnerException! : aggregate
            : new TaskCanceledException(task);
        recipient.Tell(failure is null ? new Status.Failure(cause) : failure(cause), sender!);
    }
}
