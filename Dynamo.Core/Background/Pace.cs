namespace Dynamo.Core.Background;

/// <summary>The allowed speed of background work, and the latency behind it.</summary>
/// <param name="Share">1: as fast as the settings say; 0.5: half as fast.</param>
/// <param name="P99Ms">99th percentile of foreground latency over the window, in milliseconds; 0 when there were no requests.</param>
public sealed record Pace(double Share, double P99Ms)
{
    public static readonly Pace Full = new(1, 0);

    /// <summary>Stretches a pause from the settings to this pace.</summary>
    public TimeSpan Stretch(TimeSpan pause) => pause / Share;
}
