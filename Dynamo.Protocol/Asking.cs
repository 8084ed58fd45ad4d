using Akka.Actor;

namespace Dynamo.Protocol;

/// <summary>
/// Asks and pauses timed by the actor system's own scheduler. Akka.NET's <c>Ask</c> counts wall time on a timer of its own and continues on the thread
/// pool. Here the scheduler keeps the timeout, so that it works in virtual time too, and a continuation runs where the answer arrives: it must be short
/// (<c>PipeTo</c> is). Code outside actors uses <see cref="AskFromOutside"/>.
/// </summary>
public static class Asking
{
    /// <summary>Sends a message with a temporary actor as its sender; the first answer to that completes the task.</summary>
    /// <param name="timeout">More than zero.</param>
    /// <returns>Fails with <see cref="AskTimeoutException"/> without an answer in time, with <see cref="ArgumentException"/> for one of another type.</returns>
    public static Task<T> Ask<T>(this IActorRef target, object message, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        var provider = ((IInternalActorRef)target).Provider;
        var answer = new TaskCompletionSource<T>();
        var asker = provider.CreateFutureRef(answer);
        provider.RegisterTempActor(asker, asker.Path);
        var timer = provider.Guardian.Underlying.System.Scheduler.Advanced.ScheduleOnceCancelable(
            timeout, () => answer.TrySetException(new AskTimeoutException($"no answer from {target.Path} within {timeout.TotalSeconds:0.###}s")));
        var canceling = cancellation.CanBeCanceled ? cancellation.Register(() => answer.TrySetCanceled(cancellation)) : default;
        answer.Task.ContinueWith(
            _ =>
            {
                provider.UnregisterTempActor(asker.Path);
                timer.Cancel();
                canceling.Unregister();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        asker.DeliverAsk(message, target);
        return answer.Task;
    }

    /// <summary>As <see cref="Ask"/>, for code outside actors: it continues on the system's default dispatcher, where it may take its time.</summary>
    public static Task<T> AskFromOutside<T>(this ActorSystem system, IActorRef target, object message, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var outside = new TaskCompletionSource<T>();
        target.Ask<T>(message, timeout, cancellation).ContinueWith(
            answer => system.Dispatchers.DefaultGlobalDispatcher.Schedule(() => outside.SetFromTask(answer)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return outside.Task;
    }

    /// <summary>A pause timed by the system's scheduler, for code outside actors, which continues on the system's default dispatcher.</summary>
    public static Task Pause(this ActorSystem system, TimeSpan time, CancellationToken cancellation = default)
    {
        var over = new TaskCompletionSource();
        var timer = system.Scheduler.Advanced.ScheduleOnceCancelable(
            time, () => system.Dispatchers.DefaultGlobalDispatcher.Schedule(() => over.TrySetResult()));
        if (!cancellation.CanBeCanceled) return over.Task;
        var canceling = cancellation.Register(() =>
        {
            timer.Cancel();
            over.TrySetCanceled(cancellation);
        });
        over.Task.ContinueWith(_ => canceling.Unregister(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return over.Task;
    }
}
