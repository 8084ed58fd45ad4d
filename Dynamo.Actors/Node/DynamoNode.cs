using Akka.Actor;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Receptionist;
using Dynamo.Actors.Settings;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Node;

/// <summary>Starts a node in an actor system whose remoting is up.</summary>
public static class DynamoNode
{
    /// <param name="system">
    /// Named <see cref="NodePaths.SystemName"/>, as every node's. Its configuration must fall back to <see cref="DynamoSettings.Reference"/>, which defines
    /// the node's dispatchers.
    /// </param>
    /// <returns>The node's root actor; see <see cref="NodeActor"/>.</returns>
    /// <exception cref="ArgumentException">The actor system has another name.</exception>
    /// <exception cref="StoreException">The saved cluster state is damaged.</exception>
    public static IActorRef Start(ActorSystem system, DynamoSettings settings, IStorageEngine engine)
    {
        if (system.Name != NodePaths.SystemName)
        {
            throw new ArgumentException(
                $"the actor system of a node is named '{NodePaths.SystemName}', not '{system.Name}': its name is part of the node's address", nameof(system));
        }
        SavedState.Load(engine, settings);
        var extended = (ExtendedActorSystem)system;
        var address = extended.Provider.DefaultAddress;
        var status = settings.Cluster.Founders.Contains(settings.Node.Id) ? MemberStatus.Up : MemberStatus.Joining;
        var self = new Member(
            settings.Node.Id, new NodeAddress(address.Host, address.Port ?? 0), Incarnation: 1, status, settings.Node.Zone, settings.Node.Weight);
        var receptionist = extended.SystemActorOf(ReceptionistActor.Props(), NodePaths.Receptionist);
        return system.ActorOf(NodeActor.Props(settings, engine, self, receptionist).WithDispatcher(WireConfig.Dispatcher), NodePaths.Root);
    }
}
