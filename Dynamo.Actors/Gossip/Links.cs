using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using Dynamo.Core.Membership;
using Dynamo.Remoting;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// This node's connections to peers, for what Akka.Remote does not do. <see cref="Renew"/> works around a fault of Akka.Remote, which can write on a connection that its other end has forgotten. It dials a node that is away; that node restarts
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
        if (TransportOf(system) is not { } transport) return;
        transport.ManagementCommand(new ForceDisassociate(AddressOf(system, peer)))
            .ContinueWith(
                failed => _ = failed.Exception,
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Asks whether a peer can be dialled, whatever connections there are already.</summary>
    /// <param name="answer">Called once, on any thread. A transport that cannot tell is believed to reach everybody.</param>
    public static void Dial(ActorSystem system, NodeAddress peer, Action<bool> answer)
    {
        if (TransportOf(system) is not { } transport)
        {
            answer(true);
            return;
        }
        transport.ManagementCommand(new DialCheck(AddressOf(system, peer), answer))
            .ContinueWith(
                asked =>
                {
                    if (!asked.IsCompletedSuccessfully || !asked.GetAwaiter().GetResult()) answer(true);
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static RemoteTransport? TransportOf(ActorSystem system) => (((ExtendedActorSystem)system).Provider as IRemoteActorRefProvider)?.Transport;

    private static Address AddressOf(ActorSystem system, NodeAddress peer) =>
        ((ExtendedActorSystem)system).Provider.DefaultAddress.WithHost(peer.Host).WithPort(peer.Port);
}
