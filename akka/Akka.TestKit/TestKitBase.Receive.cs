using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Akka.TestKit;

/// <summary>
/// Taking messages. A maximum is the time to wait: none given is the rest of the enclosing <c>Within</c> or the default,
/// zero does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
/// </summary>
public abstract partial class TestKitBase
{
    /// <returns>The next message, null if none came in time.</returns>
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Done(TakeAsync(max, peek: false, blocking: true, cancellationToken))?.Message!;

    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TakeAsync(max, peek: false, blocking: false, cancellationToken))?.Message!;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var taken = Done(TakeAsync(max, peek: false, blocking: true, cancellationToken));
        envelope = taken ?? NullMessageEnvelope.Instance;
        return taken is not null;
    }

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var taken = await TakeAsync(max, peek: false, blocking: false, cancellationToken);
        return (taken is not null, taken ?? NullMessageEnvelope.Instance);
    }

    /// <returns>The next message, which stays to be received; null if none came in time.</returns>
    public object PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Done(TakeAsync(max, peek: true, blocking: true, cancellationToken))?.Message!;

    public async ValueTask<object> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TakeAsync(max, peek: true, blocking: false, cancellationToken))?.Message!;

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Done(TakeManyAsync(numberOfMessages, RemainingOrDefault, blocking: true, cancellationToken));

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Done(TakeManyAsync(numberOfMessages, Dilated(max), blocking: true, cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        EachAsync(TakeManyAsync(numberOfMessages, RemainingOrDefault, blocking: false, cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        EachAsync(TakeManyAsync(numberOfMessages, Dilated(max), blocking: false, cancellationToken));

    /// <summary>Receives messages until the filter returns null for one, which stays to be received, or until the time is up.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        Done(TakeWhileAsync(filter, max, null, msgs, blocking: true, cancellationToken));

    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        Done(TakeWhileAsync(filter, max, idle, msgs, blocking: true, cancellationToken));

    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        Done(TakeWhileAsync(filter, max, idle, msgs, blocking: true, cancellationToken));

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        EachAsync(TakeWhileAsync(filter, max, idle, msgs, blocking: false, cancellationToken));

    /// <summary>Drops messages until one is as wanted, and fails when the time is up.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Done(FishAsync(isMessage, null, max, hint, blocking: true, cancellationToken));

    /// <param name="isMessage">Whether it is the one.</param>
    /// <param name="allMessages">Takes those that were dropped.</param>
    /// <param name="max">The time to wait.</param>
    /// <param name="hint">Goes into the failure.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Done(FishAsync(isMessage, allMessages, max, hint, blocking: true, cancellationToken));

    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishAsync(isMessage, null, max, hint, blocking: false, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishAsync(isMessage, null, max, hint, blocking: false, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishAsync(isMessage, allMessages, max, hint, blocking: false, cancellationToken);

    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await FishAsync<T>(_ => true, null, max, "", blocking: false, cancellationToken);

    /// <summary>A blocking call is complete when it returns.</summary>
    private static T Done<T>(ValueTask<T> completed) => completed.GetAwaiter().GetResult();

    private static async IAsyncEnumerable<T> EachAsync<T>(ValueTask<IReadOnlyList<T>> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var item in await items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    private async ValueTask<MessageEnvelope?> TakeAsync(TimeSpan? max, bool peek, bool blocking, CancellationToken cancellationToken)
    {
        var patience = max ?? RemainingOrDefault;
        if (patience < TimeSpan.Zero) patience = Timeout.InfiniteTimeSpan;
        var envelope = await _queue.TakeAsync(patience, peek, blocking, cancellationToken);
        if (peek) return envelope;
        _lastMessage = envelope ?? NullMessageEnvelope.Instance;
        if (envelope is not null) _lastWasNoMessage = false;
        return envelope;
    }

    private async ValueTask<IReadOnlyList<object>> TakeManyAsync(int count, TimeSpan max, bool blocking, CancellationToken cancellationToken)
    {
        var stop = Now + max;
        var messages = new List<object>();
        while (messages.Count < count)
        {
            if (await TakeAsync(AtLeastZero(stop - Now), peek: false, blocking, cancellationToken) is { } envelope) messages.Add(envelope.Message);
            else throw Failure($"Timeout ({max}) while expecting {count} messages. Only got {messages.Count} after {max}.");
        }

        return messages;
    }

    private async ValueTask<IReadOnlyList<T>> TakeWhileAsync<T>(Func<object, T?> filter, TimeSpan? max, TimeSpan? idle, int count, bool blocking, CancellationToken cancellationToken)
        where T : class
    {
        var stop = Now + RemainingOrDilated(max);
        var taken = new List<T>();
        MessageEnvelope last = NullMessageEnvelope.Instance;
        while (taken.Count < count)
        {
            var left = AtLeastZero(stop - Now);
            var next = await TakeAsync(idle < left ? idle : left, peek: true, blocking, cancellationToken);
            if (next is null || filter(next.Message) is not { } wanted) break;
            last = (await TakeAsync(TimeSpan.Zero, peek: false, blocking, cancellationToken))!;
            taken.Add(wanted);
        }

        _lastMessage = last;
        _lastWasNoMessage = true;
        return taken;
    }

    private async ValueTask<T> FishAsync<T>(Predicate<T> isMessage, ArrayList? dropped, TimeSpan? max, string hint, bool blocking, CancellationToken cancellationToken)
    {
        var allowed = RemainingOrDilated(max);
        var stop = Now + allowed;
        for (; ; )
        {
            var envelope = await TakeAsync(AtLeastZero(stop - Now), peek: false, blocking, cancellationToken);
            if (envelope is null) throw Failure($"Timeout ({allowed}) during FishForMessage<{typeof(T).Name}>, hint: {hint}");
            else if (envelope.Message is T message && isMessage(message)) return message;
            else dropped?.Add(envelope.Message);
        }
    }

    /// <returns>Never, if the assertions throw as they should.</returns>
    private UnreachableException Failure(string failure)
    {
        _assertions.Fail("{0}", failure);
        return new UnreachableException(failure);
    }
}
