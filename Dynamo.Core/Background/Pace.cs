namespace Dynamo.Core.Background;

/// <summary>How fast background work may be, and why.</summary>
/// <param name="Share">1: as fast as the settings say; 0.5: half as fast.</param>
/// <param name="P99Ms">Of the foreground over the window, in milliseconds; 0 when there were no requests.</param>
public sealed record Pace(double Share, double P99Ms)
{
    public static readonly Pace Full = new(1, 0);

    /// <summary>The pause that a piece of background work makes instead of the one in its settings.</summary>
    public TimeSpan Stretch(TimeSpan pause) => pause / Share;
}
