using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>A failure detector for the connections of a system that gives all of them up when the test says so: as if nothing had come over them for long.</summary>
public sealed class GivenUp : FailureDetector
{
    private static volatile bool s_isNow;

    public GivenUp(Config config, EventStream events)
    {
        _ = (config, events);
    }

    public static bool IsNow
    {
        get => s_isNow;
        set => s_isNow = value;
    }

    /// <summary>Settings of a system whose connections the test gives up.</summary>
    public static string Hocon => $$"""
        akka.remote.transport-failure-detector { implementation-class = "{{typeof(GivenUp).AssemblyQualifiedName}}", heartbeat-interval = 10ms }
        """;

    public override bool IsAvailable => !IsNow;

    public override bool IsMonitoring => true;

    public override void HeartBeat()
    {
    }
}
