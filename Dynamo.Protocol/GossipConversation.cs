using System.Collections.Immutable;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Who speaks, in which of its lives, and of which cluster: in front of all that gossipers say.</summary>
public readonly record struct Origin(string Cluster, NodeId Node, long Incarnation);

/// <summary>What gossipers say to each other.</summary>
public interface IGossip : IWireMessage
{
    Origin From { get; }
}

/// <summary>Opens a round: one hash of all the sender knows.</summary>
/// <param name="Suspicions">Whom the sender believes down, in this message and in its answers.</param>
public sealed record GossipSyn(Origin From, ulong Hash, ImmutableArray<Suspicion> Suspicions) : IGossip;

/// <summary>The hashes are equal: the round is over.</summary>
public sealed record GossipAck(Origin From, ImmutableArray<Suspicion> Suspicions) : IGossip;

/// <summary>The hashes differ: the sender's marks, in answer to a syn.</summary>
public sealed record GossipMarks(Origin From, StateMarks Marks, ImmutableArray<Suspicion> Suspicions) : IGossip;

/// <param name="Difference">What of the sender's state the receiver has otherwise or not at all, as much as fits.</param>
/// <param name="Marks">The sender's marks when it wants the difference the other way; null when not.</param>
public sealed record GossipDelta(Origin From, ClusterState Difference, StateMarks? Marks) : IGossip;

/// <summary>Suspicions that are new to the sender, passed on at once.</summary>
public sealed record SpreadSuspicions(Origin From, ImmutableArray<Suspicion> Suspicions) : IGossip;

/// <summary>Sent each heartbeat interval to the peers that watch the sender.</summary>
public sealed record Heartbeat(Origin From) : IGossip;

/// <summary>Are you there? Answered by <see cref="Pong"/>.</summary>
public sealed record Ping(Origin From, long Number) : IGossip;

public sealed record Pong(Origin From, long Number) : IGossip;

/// <summary>Ping that node for me. Answered by <see cref="PingReport"/>.</summary>
/// <param name="TimeoutMs">How long to wait for the target.</param>
public sealed record PingRequest(Origin From, NodeId Target, long Number, int TimeoutMs) : IGossip;

/// <param name="IsAlive">The target answered the sender in time.</param>
public sealed record PingReport(Origin From, long Number, bool IsAlive) : IGossip;

/// <summary>The sender will not gossip with the receiver, and why.</summary>
public sealed record GossipRefused(NodeId From, Refusal Kind, string Reason) : IWireMessage;
