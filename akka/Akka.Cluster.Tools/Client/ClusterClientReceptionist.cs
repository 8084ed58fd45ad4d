using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>Of the extension only its configuration: its receptionist needs Akka.Cluster's membership.</summary>
public sealed class ClusterClientReceptionist : IExtension
{
    private ClusterClientReceptionist()
    {
    }

    public static Config DefaultConfig() => ConfigurationFactory.FromResource<ClusterClientReceptionist>("Akka.Cluster.Tools.Client.reference.conf");
}
