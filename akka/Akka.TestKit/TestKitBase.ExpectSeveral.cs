namespace Akka.TestKit;

/// <summary>Expectations of one of several messages, and of several in any order.</summary>
public abstract partial class TestKitBase
{
    /// <returns>The one of the given messages that came next.</returns>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Done(ExpectAnyAsync([.. messages], blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectAnyAsync([.. messages], blocking: false, cancellationToken);

    /// <summary>Expects the next messages to be these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        Done(ExpectAllAsync(messages, RemainingOrDefault, blocking: true, default));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Done(ExpectAllAsync(messages, RemainingOrDefault, blocking: true, cancellationToken));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        Done(ExpectAllAsync(messages, Dilated(max), blocking: true, default));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Done(ExpectAllAsync(messages, Dilated(max), blocking: true, cancellationToken));

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        EachAsync(ExpectAllAsync(messages, RemainingOrDefault, blocking: false, cancellationToken), cancellationToken);

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        EachAsync(ExpectAllAsync(messages, Dilated(max), blocking: false, cancellationToken), cancellationToken);

    private async ValueTask<T> ExpectAnyAsync<T>(IReadOnlyCollection<T> messages, bool blocking, CancellationToken cancellationToken)
    {
        var patience = RemainingOrDefault;
        var envelope = await TakeAsync(patience, peek: false, blocking, cancellationToken);
        if (envelope is null) throw Failure($"Failed: Timeout {patience} while waiting for any of {List(messages)}");
        if (envelope.Message is not T message || !messages.Contains(message)) throw Failure($"Failed: Received {envelope}, which is none of {List(messages)}");
        return message;
    }

    private async ValueTask<IReadOnlyList<T>> ExpectAllAsync<T>(IReadOnlyCollection<T> messages, TimeSpan max, bool blocking, CancellationToken cancellationToken)
    {
        var missing = messages.ToList();
        var unexpected = new List<object>();
        var received = new List<T>();
        foreach (var one in await TakeManyAsync(messages.Count, max, blocking, cancellationToken))
        {
            if (one is T typed && missing.Remove(typed)) received.Add(typed);
            else unexpected.Add(one);
        }

        if (missing.Count > 0) throw Failure($"Failed: Not found {List(missing)}, found unexpected {List(unexpected)}");
        return received;
    }

    private static string List<T>(IEnumerable<T> items) => $"[{string.Join(", ", items)}]";
}
