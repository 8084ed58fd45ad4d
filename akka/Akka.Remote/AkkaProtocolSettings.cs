using Akka.Configuration;

namespace Akka.Remote;

/// <summary>The settings of handshake and transport heartbeats, from <c>akka.remote</c>.</summary>
public class AkkaProtocolSettings
{
    public AkkaProtocolSettings(Config config)
    {
        TransportFailureDetectorConfig = config.GetConfig("akka.remote.transport-failure-detector");
        TransportFailureDetectorImplementationClass = TransportFailureDetectorConfig.GetString("implementation-class", null);
        TransportHeartBeatInterval = TransportFailureDetectorConfig.GetTimeSpan("heartbeat-interval", null, true);
        HandshakeTimeout = HandshakeTimeoutOf(config);
    }

    public Config TransportFailureDetectorConfig { get; }

    public string TransportFailureDetectorImplementationClass { get; }

    public TimeSpan TransportHeartBeatInterval { get; }

    /// <summary>How long a peer may take to say who it is: the connection timeout of the first enabled transport that sets one.</summary>
    public TimeSpan HandshakeTimeout { get; }

    private static TimeSpan HandshakeTimeoutOf(Config config)
    {
        const string fallback = "akka.remote.handshake-timeout";
        if (config.HasPath(fallback))
            return config.GetTimeSpan(fallback, null, true);
        foreach (var transport in config.GetStringList("akka.remote.enabled-transports", []))
        {
            if (config.HasPath(transport + ".connection-timeout"))
                return config.GetTimeSpan(transport + ".connection-timeout", null, true);
        }
        return TimeSpan.FromSeconds(15);
    }
}
