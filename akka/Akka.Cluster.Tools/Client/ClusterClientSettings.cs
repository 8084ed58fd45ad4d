using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>The settings under <c>akka.cluster.client</c>.</summary>
public sealed class ClusterClientSettings : INoSerializationVerificationNeeded
{
    public ClusterClientSettings(
        IImmutableSet<ActorPath> initialContacts,
        TimeSpan establishingGetContactsInterval,
        TimeSpan refreshContactsInterval,
        TimeSpan heartbeatInterval,
        TimeSpan acceptableHeartbeatPause,
        int bufferSize,
        TimeSpan? reconnectTimeout = null)
        : this(initialContacts, establishingGetContactsInterval, refreshContactsInterval, heartbeatInterval, acceptableHeartbeatPause, bufferSize, true, reconnectTimeout)
    {
    }

    /// <exception cref="ArgumentException">The buffer size is not between 0 and 10000.</exception>
    public ClusterClientSettings(
        IImmutableSet<ActorPath> initialContacts,
        TimeSpan establishingGetContactsInterval,
        TimeSpan refreshContactsInterval,
        TimeSpan heartbeatInterval,
        TimeSpan acceptableHeartbeatPause,
        int bufferSize,
        bool useLegacySerialization,
        TimeSpan? reconnectTimeout = null)
    {
        if (bufferSize is < 0 or > 10000) throw new ArgumentException($"The buffer size must be from 0 to 10000, and is {bufferSize}.", nameof(bufferSize));
        InitialContacts = initialContacts;
        EstablishingGetContactsInterval = establishingGetContactsInterval;
        RefreshContactsInterval = refreshContactsInterval;
        HeartbeatInterval = heartbeatInterval;
        AcceptableHeartbeatPause = acceptableHeartbeatPause;
        BufferSize = bufferSize;
        UseLegacySerialization = useLegacySerialization;
        ReconnectTimeout = reconnectTimeout;
    }

    public IImmutableSet<ActorPath> InitialContacts { get; private init; }

    public TimeSpan EstablishingGetContactsInterval { get; private init; }

    public TimeSpan RefreshContactsInterval { get; private init; }

    public TimeSpan HeartbeatInterval { get; private init; }

    public TimeSpan AcceptableHeartbeatPause { get; private init; }

    public int BufferSize { get; private init; }

    public bool UseLegacySerialization { get; private init; }

    /// <summary>Null to try for ever.</summary>
    public TimeSpan? ReconnectTimeout { get; private init; }

    public static ClusterClientSettings Create(ActorSystem system) =>
        Create(system.Settings.Config.WithFallback(ClusterClientReceptionist.DefaultConfig()).GetConfig("akka.cluster.client"));

    /// <exception cref="ConfigurationException">The section is missing.</exception>
    public static ClusterClientSettings Create(Config config)
    {
        if (config.IsNullOrEmpty()) throw ConfigurationException.NullOrEmptyConfig<ClusterClientSettings>("akka.cluster.client");
        return new ClusterClientSettings(
            config.GetStringList("initial-contacts").Select(ActorPath.Parse).ToImmutableHashSet(),
            config.GetTimeSpan("establishing-get-contacts-interval"),
            config.GetTimeSpan("refresh-contacts-interval"),
            config.GetTimeSpan("heartbeat-interval"),
            config.GetTimeSpan("acceptable-heartbeat-pause"),
            config.GetInt("buffer-size"),
            config.GetBoolean("use-legacy-serialization"),
            config.GetString("reconnect-timeout", "off") == "off" ? null : config.GetTimeSpan("reconnect-timeout"));
    }

    /// <exception cref="ArgumentException">There is none.</exception>
    public ClusterClientSettings WithInitialContacts(IImmutableSet<ActorPath> initialContacts) =>
        initialContacts.Count == 0 ? throw new ArgumentException("There must be an initial contact.", nameof(initialContacts)) : new(this) { InitialContacts = initialContacts };

    public ClusterClientSettings WithEstablishingGetContactsInterval(TimeSpan value) => new(this) { EstablishingGetContactsInterval = value };

    public ClusterClientSettings WithRefreshContactsInterval(TimeSpan value) => new(this) { RefreshContactsInterval = value };

    public ClusterClientSettings WithHeartbeatInterval(TimeSpan value) => new(this) { HeartbeatInterval = value };

    public ClusterClientSettings WithBufferSize(int bufferSize) =>
        new(InitialContacts, EstablishingGetContactsInterval, RefreshContactsInterval, HeartbeatInterval, AcceptableHeartbeatPause, bufferSize, UseLegacySerialization, ReconnectTimeout);

    public ClusterClientSettings WithReconnectTimeout(TimeSpan? reconnectTimeout) => new(this) { ReconnectTimeout = reconnectTimeout };

    private ClusterClientSettings(ClusterClientSettings other)
        : this(
            other.InitialContacts,
            other.EstablishingGetContactsInterval,
            other.RefreshContactsInterval,
            other.HeartbeatInterval,
            other.AcceptableHeartbeatPause,
            other.BufferSize,
            other.UseLegacySerialization,
            other.ReconnectTimeout)
    {
    }
}
