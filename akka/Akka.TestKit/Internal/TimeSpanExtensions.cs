namespace Akka.TestKit.Internal;

public static class TimeSpanExtensions
{
    public static bool IsInfinite(this TimeSpan timeSpan) => timeSpan < TimeSpan.Zero;

    public static bool IsPositiveFinite(this TimeSpan timeSpan) => timeSpan > TimeSpan.Zero;

    public static TimeSpan Min(this TimeSpan a, TimeSpan? b) => b is { } other && !other.IsInfinite() && (a.IsInfinite() || other < a) ? other : a;

    /// <exception cref="ArgumentException">The duration is infinite or zero.</exception>
    public static void EnsureIsPositiveFinite(this TimeSpan timeSpan, string parameterName)
    {
        if (!timeSpan.IsPositiveFinite()) throw new ArgumentException($"The duration must be positive and finite, and is {timeSpan}.", parameterName);
    }
}
