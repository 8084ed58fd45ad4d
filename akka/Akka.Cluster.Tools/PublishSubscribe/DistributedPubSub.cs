using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Of the extension only its configuration: its mediator needs Akka.Cluster's membership.</summary>
public sealed class DistributedPubSub : IExtension
{
    private DistributedPubSub()
    {
    }

    public static Config DefaultConfig() => ConfigurationFactory.FromResource<DistributedPubSub>("Akka.Cluster.Tools.PublishSubscribe.reference.conf");
}
