using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Akka.Remote's detector of dead connections, on virtual time.</summary>
public sealed class SimTransportDetector(Config config, EventStream events)
    : DeadlineFailureDetector(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"), SimWorld.ProcessOf(config).World.Milliseconds)
{
    public EventStream Events { get; } = events;
}

/// <summary>Akka.Remote's detector for watched actors of other systems, on virtual time.</summary>
public sealed class SimWatchDetector(Config config, EventStream events) : PhiAccrualFailureDetector(
    config.GetDouble("threshold"), config.GetInt("max-sample-size"), config.GetTimeSpan("min-std-deviation"), config.GetTimeSpan("acceptable-heartbeat-pause"),
    config.GetTimeSpan("expected-response-after"), SimWorld.ProcessOf(config).World.Milliseconds)
{
    public EventStream Events { get; } = events;
}
