using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit.Internal;

internal sealed class EventFilterApplier(TestKitBase testKit, ActorSystem system, IReadOnlyList<EventFilterBase> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testKit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) => Expect(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default) => InterceptAsync(Completing(action), null, 1, false, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, timeout, actionAsync, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) => ExpectAsync(1, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) => ExpectAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        InterceptAsync(Completing(action), null, expectedCount, true, cancellationToken).GetAwaiter().GetResult();

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        InterceptAsync(Completing(action), timeout, expectedCount, true, cancellationToken).GetAwaiter().GetResult();

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(() => Task.FromResult(func()), null, expectedCount, true, cancellationToken).GetAwaiter().GetResult();

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(() => Task.FromResult(func()), timeout, expectedCount, true, cancellationToken).GetAwaiter().GetResult();

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(Valued(actionAsync), null, expectedCount, false, cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        InterceptAsync(Valued(actionAsync), timeout, expectedCount, false, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(func, null, expectedCount, false, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(func, timeout, expectedCount, false, cancellationToken);

    public void Mute(Action action, CancellationToken cancellationToken = default) =>
        InterceptAsync(Completing(action), null, null, true, cancellationToken).GetAwaiter().GetResult();

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        InterceptAsync(() => Task.FromResult(func()), null, null, true, cancellationToken).GetAwaiter().GetResult();

    public Task MuteAsync(Action action, CancellationToken cancellationToken = default) => InterceptAsync(Completing(action), null, null, false, cancellationToken);

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) => InterceptAsync(Valued(action), null, null, false, cancellationToken);

    public Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) => InterceptAsync(func, null, null, false, cancellationToken);

    public IUnmutableFilter Mute()
    {
        MuteAsync(blocking: true, default).GetAwaiter().GetResult();
        return new Muted(system, filters);
    }

    private static Func<Task<bool>> Completing(Action action) => () =>
    {
        action();
        return Task.FromResult(true);
    };

    private static Func<Task<bool>> Valued(Func<Task> action) => async () =>
    {
        await action();
        return true;
    };

    /// <param name="func">What should log.</param>
    /// <param name="timeout">How long to wait after it, the leeway if null.</param>
    /// <param name="expected">The count, any if null.</param>
    /// <param name="blocking">Waits in the calling thread.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<T> InterceptAsync<T>(Func<Task<T>> func, TimeSpan? timeout, int? expected, bool blocking, CancellationToken cancellationToken)
    {
        var patience = timeout is { } given ? testKit.Dilated(given) : TestKitExtension.For(system).TestEventFilterLeeway;
        var count = 0;
        EventMatched matched = (_, _) => Interlocked.Increment(ref count);
        foreach (var filter in filters) filter.EventMatched += matched;

        await MuteAsync(blocking, cancellationToken);
        try
        {
            var result = await func();
            if (expected is not { } wanted) return result;

            // Of what must not happen, the first occurrence is enough.
            await TestKitBase.PollAsync(() => Task.FromResult(Volatile.Read(ref count) >= Math.Max(wanted, 1)), patience, null, blocking, cancellationToken);
            var got = Volatile.Read(ref count);
            if (got != wanted)
                testKit.Assertions.Fail("{0}", $"Expected {wanted} log event(s) and got {got} within {patience} that match: {string.Join(" or ", filters)}");
            return result;
        }
        finally
        {
            foreach (var filter in filters) filter.EventMatched -= matched;
            system.EventStream.Publish(new Unmute(filters));
        }
    }

    /// <summary>Waits for the listener, which in a young system may not even be on the event stream yet.</summary>
    private async Task MuteAsync(bool blocking, CancellationToken cancellationToken)
    {
        var mute = new Mute(filters);
        await TestKitBase.PollAsync(
            () =>
            {
                if (!mute.Muted.Task.IsCompleted) system.EventStream.Publish(mute);
                return Task.FromResult(mute.Muted.Task.Wait(TimeSpan.FromMilliseconds(1)));
            },
            TestKitExtension.For(system).DefaultTimeout,
            null,
            blocking,
            cancellationToken);
    }

    private sealed class Muted(ActorSystem system, IReadOnlyList<EventFilterBase> filters) : IUnmutableFilter
    {
        private int _unmuted;

        public void Unmute()
        {
            if (Interlocked.Exchange(ref _unmuted, 1) == 0) system.EventStream.Publish(new Unmute(filters));
        }

        public void Dispose() => Unmute();
    }
}
