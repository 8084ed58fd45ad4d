using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>A next action of failure detection, or a line for the operator's log.</summary>
public abstract record FailureEffect
{
    private FailureEffect()
    {
    }

    public sealed record SendHeartbeat(Member To) : FailureEffect;

    public sealed record Ping(Member To, long Number) : FailureEffect;

    /// <summary>Ask a helper to ping the target for this node.</summary>
    public sealed record AskToPing(Member Helper, NodeId Target, long Number, int TimeoutMs) : FailureEffect;

    /// <summary>Report the result of a ping to the node that asked for it.</summary>
    public sealed record Report(NodeId To, long Number, bool IsAlive) : FailureEffect;

    /// <summary>Pass suspicions on to a peer.</summary>
    public sealed record Spread(Member To, ImmutableArray<Suspicion> Suspicions) : FailureEffect;

    /// <summary>Begin an incarnation of this node above the suspected one.</summary>
    public sealed record RefuteSelf(long Incarnation) : FailureEffect;

    /// <summary>Send this node's entry for a member to the sender of the message.</summary>
    public sealed record TellSender(NodeId Of) : FailureEffect;

    /// <summary>Close the connections to the peer, so that new ones are opened.</summary>
    public sealed record Reconnect(Member Peer) : FailureEffect;

    /// <summary>For the log: the peer is believed down.</summary>
    public sealed record LogSuspected(Suspicion Suspicion) : FailureEffect;

    /// <summary>For the log: the peer is out of this node's reach.</summary>
    /// <param name="IsHeardElsewhere">Others hear from the peer; false: nobody could say.</param>
    public sealed record LogCutOff(NodeId Peer, bool IsHeardElsewhere) : FailureEffect;

    /// <summary>For the log: another node found this one silent.</summary>
    public sealed record LogAccused(NodeId By) : FailureEffect;

    /// <summary>For the log: this node did not run for this long.</summary>
    public sealed record LogHeldUp(long Ms) : FailureEffect;
}
