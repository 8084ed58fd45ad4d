using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using Dynamo.Core.Membership;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// A node's connections to others. Akka.Remote can come to write on a connection whose other end has forgotten it: it dials a node that is away, the node
/// comes back in a new life and dials first, the dialler takes that connection and drops its own writer, and the dial that succeeds after all belongs to nobody;
/// the node that came back reads that one from then on and hears nothing. Both ends send heartbeats on it, so nothing ever ends it.
/// </summary>
internal static class Links
{
    /// <summary>
    /// Closes what this node has dialled to a peer, and dials that are under way: both ends see their connections break, as they often do, and make new ones.
    /// </summary>
    public static void Renew(ActorSystem system, NodeAddress peer)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        if (provider is not IRemoteActorRefProvider remote) return;
        remote.Transport.ManagementCommand(new ForceDisassociate(provider.DefaultAddress.WithHost(peer.Host).WithPort(peer.Port)))
            .ContinueWith(
                failed => _ = failed.Exception,
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
