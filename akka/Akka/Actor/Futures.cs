namespace Akka.Actor;

/// <summary>Questions to actors. Without a timeout, akka.actor.ask-timeout counts, which is none by default.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>
    /// The reply, if it is a <typeparamref name="T"/>; the task fails with an <see cref="AskTimeoutException"/>, with the cause of a
    /// <see cref="Status.Failure"/>, or with an <see cref="ArgumentException"/> for a reply of another type.
    /// </summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var future = Start<T>(self, timeout, cancellationToken, out var task);
        future.DeliverAsk(message, self);
        return task;
    }

    /// <summary>Asks with a message that carries the reference to reply to.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var future = Start<T>(self, timeout, cancellationToken, out var task);
        future.DeliverAsk(messageFactory(future), self);
        return task;
    }

    private static FutureActorRef<T> Start<T>(ICanTell self, TimeSpan? timeout, CancellationToken cancellationToken, out Task<T> task)
    {
        var provider = ResolveProvider(self)
            ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(self));
        // Continuations run on the default dispatcher, which is where the reference completes this.
        var result = new TaskCompletionSource<T>();
        task = result.Task;
        var future = provider.CreateFutureRef(result);
        future.Limit(timeout ?? provider.Settings.AskTimeout, cancellationToken);
        return future;
    }

    private static IActorRefProvider? ResolveProvider(ICanTell self) => self switch
    {
        Nobody => ActorCell.Current?.SystemImpl.Provider,
        IInternalActorRef actor => actor.Provider,
        ActorSelection selection => ResolveProvider(selection.Anchor),
        _ => ActorCell.Current?.SystemImpl.Provider,
    };
}
