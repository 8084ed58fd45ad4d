using Dynamo.Core.Background;

namespace Dynamo.Actors.Shared;

/// <summary>
/// Where the node's actors read the pace of background work. One of them, the coordinator, measures the foreground by a <see cref="PaceController"/> of its own
/// and publishes what that says; the pace is immutable, so that whoever reads it sees one whole.
/// </summary>
/// <param name="target">See <see cref="Target"/>.</param>
public sealed class BackgroundPace(TimeSpan target)
{
    private volatile Pace _now = Pace.Full;

    /// <summary>Foreground latency (p99) from which background work yields.</summary>
    public TimeSpan Target => target;

    public Pace Now => _now;

    /// <summary>For the coordinator alone.</summary>
    public void Publish(Pace pace) => _now = pace;

    /// <inheritdoc cref="Pace.Stretch"/>
    public TimeSpan Stretch(TimeSpan pause) => _now.Stretch(pause);
}
