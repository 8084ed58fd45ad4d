using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private TimeSpan? _end;
    private bool _lastWasNoMessage;

    /// <summary>What is left of the innermost enclosing <c>Within</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public TimeSpan Remaining => _end is { } end ? AtLeastZero(end - Now) : throw new InvalidOperationException("Remaining may be asked for inside of Within only.");

    /// <summary>What is left of the enclosing <c>Within</c>, or else <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    public TimeSpan RemainingOr(TimeSpan duration) => _end is null ? duration : Remaining;

    /// <summary>The given duration multiplied by the time factor, or <see cref="RemainingOrDefault"/>.</summary>
    /// <exception cref="ArgumentException">The duration is infinite.</exception>
    public TimeSpan RemainingOrDilated(TimeSpan? duration)
    {
        if (duration is not { } given) return RemainingOrDefault;
        return given.IsInfinite() ? throw new ArgumentException("The duration must not be infinite.", nameof(duration)) : Dilated(given);
    }

    /// <summary>Fails if the action takes longer. Inside it, expectations without a timeout wait for what is left.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within<object?>(min, max, () => { action(); return null; }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, () => Task.FromResult(function()), hint, epsilonValue, cancellationToken).GetAwaiter().GetResult();

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync<object?>(min, max, async () => { await actionAsync(); return null; }, hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        max.EnsureIsPositiveFinite(nameof(max));
        cancellationToken.ThrowIfCancellationRequested();
        max = Dilated(max);
        var start = Now;
        var outer = _end;
        var left = outer is null ? max : outer.Value - start;
        _assertions.AssertTrue(left >= min, "The block must take at least {0}, and only {1} are left. {2}", min, left, hint ?? "");
        var allowed = max.Min(left);
        _lastWasNoMessage = false;
        _end = start + allowed;
        T result;
        try
        {
            result = await function();
        }
        finally
        {
            _end = outer;
        }

        var took = Now - start;
        if (took < min) _assertions.Fail("The block took {0}, and should have taken at least {1}. {2}", took, min, hint ?? "");

        // A block that ends in the expectation of silence has used up its time by that.
        if (!_lastWasNoMessage && took > allowed + (epsilonValue ?? TimeSpan.Zero))
            _assertions.Fail("The block took {0}, exceeding {1}. {2}", took, allowed, hint ?? "");
        return result;
    }

    private static TimeSpan AtLeastZero(TimeSpan duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
}
