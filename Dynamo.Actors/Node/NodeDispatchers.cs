namespace Dynamo.Actors.Node;

/// <summary>The node's own dispatchers, besides <see cref="Protocol.WireConfig.Dispatcher"/>; both are defined in hocon/reference.conf.</summary>
internal static class NodeDispatchers
{
    /// <summary>For actors that wait for a disk. It has its own threads, all of which may block.</summary>
    public const string Store = "akka.actor.dynamo-store-dispatcher";

    /// <summary>For the gossiper alone, so that it answers even when everything else is blocked.</summary>
    public const string Gossip = "akka.actor.dynamo-gossip-dispatcher";
}
