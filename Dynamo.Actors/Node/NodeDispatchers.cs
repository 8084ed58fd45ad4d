namespace Dynamo.Actors.Node;

/// <summary>Where a node's actors run, besides <see cref="Protocol.WireConfig.Dispatcher"/>; both are set in hocon/reference.conf.</summary>
internal static class NodeDispatchers
{
    /// <summary>For the actors that wait for a disk: it has threads of its own, which may all be blocked.</summary>
    public const string Store = "akka.actor.dynamo-store-dispatcher";

    /// <summary>The gossiper's alone: whatever else is held up, it answers.</summary>
    public const string Gossip = "akka.actor.dynamo-gossip-dispatcher";
}
