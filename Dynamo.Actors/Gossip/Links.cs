using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using Dynamo.Core.Membership;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Works around a fault of Akka.Remote, which can write on a connection that its other end has forgotten. It dials a node that is away; that node restarts
/// and dials first; the dialler adopts the inbound connection and drops its own writer; then its dial succeeds after all and belongs to nobody. The
/// restarted node reads from that orphan and hears nothing. Both ends send heartbeats on it, so it never times out.
/// </summary>
internal static class Links
{
    /// <summary>
    /// Closes the connections that this node dialled to a peer, and dials in progress. Both ends see an ordinary disconnect and reconnect.
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
