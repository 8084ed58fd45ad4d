using Akka.Actor;
using Dynamo.Actors.Node;
using Dynamo.Core.Membership;

namespace Dynamo.Hosting;

/// <summary>What the program that a node runs in may know of it; a singleton of its services.</summary>
public sealed class RunningNode
{
    internal RunningNode(NodeConfig config) => Config = config;

    public NodeConfig Config { get; }

    /// <summary>Where it can be reached; null until it is up.</summary>
    public NodeAddress? Address { get; internal set; }

    /// <summary>Its storage engine's name; null until it is up.</summary>
    public string? Engine { get; internal set; }

    /// <summary>Why it ended itself as no member of its cluster any more; null: it did not.</summary>
    public NodeGone? Gone => Reason as NodeGone;

    /// <summary>Why it ended itself because it could not go on; null: it did not.</summary>
    public NodeFailed? Failed => Reason as NodeFailed;

    internal ActorSystem? System { get; set; }

    private CoordinatedShutdown.Reason? Reason => System is null ? null : CoordinatedShutdown.Get(System).ShutdownReason;
}
