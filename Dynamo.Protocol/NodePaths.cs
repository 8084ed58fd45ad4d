using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>The stable names of a node's actors, and references to those of other nodes.</summary>
public static class NodePaths
{
    /// <summary>Every node's actor system has this name: it is part of a node's address, and no client's.</summary>
    public const string SystemName = "dynamo";

    public const string Root = "dynamo";
    public const string Coordinator = "coordinator";
    public const string Replica = "replica";
    public const string Hints = "hints";
    public const string Gossiper = "gossiper";
    public const string AntiEntropy = "anti-entropy";
    public const string Reaper = "reaper";
    public const string Transfers = "transfers";
    public const string HandOff = "hand-off";
    public const string Receptionist = "receptionist";

    /// <summary>A node's contact point, where a stock ClusterClient finds it.</summary>
    public static ActorPath ContactPoint(Address self, NodeAddress node) =>
        new RootActorPath(AddressOf(self, node)) / "system" / Receptionist;

    /// <summary>A node itself: the parent of its actors.</summary>
    public static IActorRef Of(ActorSystem system, NodeAddress node) => Resolve(system, node, "user", Root);

    /// <summary>
    /// One of another node's actors. The reference needs no round trip: it means whichever actor has the path when a message arrives. The node's name is
    /// part of the path, so that a message for a gone node does not reach another that has its address now.
    /// </summary>
    public static IActorRef Of(ActorSystem system, NodeId node, NodeAddress address, string actor) => Resolve(system, address, "user", Root, NameOf(actor, node));

    /// <summary>The gossiper of whichever node is at the address; its messages name the node.</summary>
    public static IActorRef GossiperAt(ActorSystem system, NodeAddress address) => Resolve(system, address, "user", Root, Gossiper);

    /// <summary>An actor's name under its node's root.</summary>
    public static string NameOf(string actor, NodeId node) => $"{actor}-{node}";

    private static IActorRef Resolve(ActorSystem system, NodeAddress node, params IEnumerable<string> path)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        return provider.ResolveActorRef(new RootActorPath(AddressOf(provider.DefaultAddress, node)) / path);
    }

    private static Address AddressOf(Address self, NodeAddress node) => new(self.Protocol, SystemName, node.Host, node.Port);
}
