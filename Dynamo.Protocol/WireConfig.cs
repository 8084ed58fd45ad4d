using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;

namespace Dynamo.Protocol;

/// <summary>The part of an actor system's configuration that both ends of a connection must agree on (hocon/wire.conf).</summary>
public static class WireConfig
{
    /// <summary>The dispatcher of remoting and of the actors that it wakes most: they never block.</summary>
    public const string Dispatcher = "akka.remote.default-remote-dispatcher";

    /// <summary>The fallback for a node's or a client's own settings.</summary>
    public static Config Fallback { get; } = ConfigurationFactory.FromResource("wire.conf", typeof(WireConfig).Assembly)
        .WithFallback(ClusterClientReceptionist.DefaultConfig())
        .WithFallback(DistributedPubSub.DefaultConfig());
}
