using Dynamo.Core.Background;

namespace Dynamo.Actors.Shared;

/// <summary>
/// Publishes the pace of background work to the node's actors. The coordinator measures the foreground with its own <see cref="PaceController"/>
/// and writes the result here. The pace is immutable, so readers on other threads never see a torn value.
/// </summary>
/// <param name="target">See <see cref="Target"/>.</param>
public sealed class BackgroundPace(TimeSpan target)
{
    private volatile Pace _now = Pace.Full;

    /// <summary>Foreground latency (p99) from which background work yields.</summary>
    public TimeSpan Target => target;

    public Pace Now => _now;

    /// <summary>Called only by the coordinator.</summary>
    public void Publish(Pace pace) => _now = pace;

    /// <inheritdoc cref="Pace.Stretch"/>
    public TimeSpan Stretch(TimeSpan pause) => _now.Stretch(pause);
}
