using Dynamo.Core.Background;

namespace Dynamo.Actors.Shared;

/// <summary>The node's one <see cref="PaceController"/>, shared by its actors: the coordinator reports latencies, background work asks for its pauses.</summary>
public sealed class BackgroundPace(TimeSpan target)
{
    private readonly Lock _gate = new();
    private readonly PaceController _controller = new(target);

    public (double Share, double P99Ms) State
    {
        get
        {
            lock (_gate) return (_controller.Share, _controller.P99Ms);
        }
    }

    public void Record(TimeSpan latency)
    {
        lock (_gate) _controller.Record(latency);
    }

    public void Tick()
    {
        lock (_gate) _controller.Tick();
    }

    /// <inheritdoc cref="PaceController.Stretch"/>
    public TimeSpan Stretch(TimeSpan pause)
    {
        lock (_gate) return _controller.Stretch(pause);
    }
}
