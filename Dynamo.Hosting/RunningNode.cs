using Akka.Actor;
using Dynamo.Actors.Node;
using Dynamo.Core.Membership;

namespace Dynamo.Hosting;

/// <summary>The node that runs in this program; a singleton of its services.</summary>
public sealed class RunningNode
{
    internal RunningNode(NodeConfig config) => Config = config;

    public NodeConfig Config { get; }

    /// <summary>The node's address; null until the node is up.</summary>
    public NodeAddress? Address { get; internal set; }

    /// <summary>The storage engine's name; null until the node is up.</summary>
    public string? Engine { get; internal set; }

    /// <summary>Set when the node ended itself because it is no longer a member of its cluster; otherwise null.</summary>
    public NodeGone? Gone => Reason as NodeGone;

    /// <summary>Set when the node ended itself because it could not go on; otherwise null.</summary>
    public NodeFailed? Failed => Reason as NodeFailed;

    internal ActorSystem? System { get; set; }

    private CoordinatedShutdown.Reason? Reason => System is null ? null : CoordinatedShutdown.Get(System).ShutdownReason;
}
