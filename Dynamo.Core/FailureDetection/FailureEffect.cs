using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>What a node is to do next about who is down, or what its operator should read.</summary>
public abstract record FailureEffect
{
    private FailureEffect()
    {
    }

    public sealed record SendHeartbeat(Member To) : FailureEffect;

    /// <summary>Ask the peer whether it is there.</summary>
    public sealed record Ping(Member To, long Number) : FailureEffect;

    /// <summary>Ask a helper to ping the target for this node.</summary>
    public sealed record AskToPing(Member Helper, NodeId Target, long Number, int TimeoutMs) : FailureEffect;

    /// <summary>Tell who asked for a ping what came of it.</summary>
    public sealed record Report(NodeId To, long Number, bool IsAlive) : FailureEffect;

    /// <summary>Pass suspicions on.</summary>
    public sealed record Spread(Member To, ImmutableArray<Suspicion> Suspicions) : FailureEffect;

    /// <summary>Begin a life of this node beyond the incarnation that is said to be silent.</summary>
    public sealed record RefuteSelf(long Incarnation) : FailureEffect;

    /// <summary>Answer the sender of the message with what is known of the node.</summary>
    public sealed record TellSender(NodeId Of) : FailureEffect;

    /// <summary>Close the connections to the peer, so that new ones are made.</summary>
    public sealed record Reconnect(Member Peer) : FailureEffect;

    /// <summary>For the log: the peer is believed down.</summary>
    public sealed record LogSuspected(Suspicion Suspicion) : FailureEffect;

    /// <summary>For the log: the peer is out of this node's reach.</summary>
    /// <param name="IsHeardElsewhere">Others hear from it; else nobody could say.</param>
    public sealed record LogCutOff(NodeId Peer, bool IsHeardElsewhere) : FailureEffect;

    /// <summary>For the log: another node found this one silent.</summary>
    public sealed record LogAccused(NodeId By) : FailureEffect;

    /// <summary>For the log: this node did not run for so long.</summary>
    public sealed record LogHeldUp(long Ms) : FailureEffect;
}
