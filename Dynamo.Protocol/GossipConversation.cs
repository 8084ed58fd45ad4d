using System.Collections.Immutable;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>The wall clocks of both ends of a question, in milliseconds since 1970.</summary>
/// <param name="AskedMs">The asker's clock when it asked, as its question said; 0: it did not say.</param>
/// <param name="AnsweredMs">The answerer's clock when it answered.</param>
public readonly record struct ClockReading(long AskedMs, long AnsweredMs);

/// <summary>A message between gossipers.</summary>
public interface IGossip : IWireMessage
{
    Origin From { get; }
}

/// <summary>Opens a round: one hash of the sender's whole state.</summary>
/// <param name="Suspicions">The nodes that the sender believes down; the answers carry the answerer's.</param>
/// <param name="Settings">The sender's settings that all nodes should have alike.</param>
/// <param name="SentMs">The sender's wall clock; 0: it does not say.</param>
public sealed record GossipSyn(
    Origin From, ulong Hash, ImmutableArray<Suspicion> Suspicions, ImmutableArray<AgreedSetting> Settings, long SentMs = 0) : IGossip;

/// <summary>The hashes are equal: the round is over.</summary>
public sealed record GossipAck(Origin From, ImmutableArray<Suspicion> Suspicions, ClockReading Clock = default) : IGossip;

/// <summary>The hashes differ: the sender's marks, in answer to a syn.</summary>
public sealed record GossipMarks(Origin From, StateMarks Marks, ImmutableArray<Suspicion> Suspicions, ClockReading Clock = default) : IGossip;

/// <param name="Difference">The parts of the sender's state that differ or are missing at the receiver, as much as fits.</param>
/// <param name="Marks">The sender's marks when it wants the difference the other way; otherwise null.</param>
public sealed record GossipDelta(Origin From, ClusterState Difference, StateMarks? Marks) : IGossip;

/// <summary>Suspicions that are new to the sender, passed on at once.</summary>
public sealed record SpreadSuspicions(Origin From, ImmutableArray<Suspicion> Suspicions) : IGossip;

/// <summary>Sent each heartbeat interval to the peers that watch the sender.</summary>
public sealed record Heartbeat(Origin From) : IGossip;

/// <summary>Asks a node whether it is alive; answered by <see cref="Pong"/>.</summary>
public sealed record Ping(Origin From, long Number) : IGossip;

public sealed record Pong(Origin From, long Number) : IGossip;

/// <summary>Asks a node to ping another one for the sender; answered by <see cref="PingReport"/>.</summary>
/// <param name="TimeoutMs">The time limit for the target's answer.</param>
public sealed record PingRequest(Origin From, NodeId Target, long Number, int TimeoutMs) : IGossip;

/// <param name="IsAlive">The target answered the sender in time.</param>
public sealed record PingReport(Origin From, long Number, bool IsAlive) : IGossip;

/// <summary>Two live nodes have one name: news for the operators at all nodes.</summary>
/// <param name="Kept">The address of the node that stays.</param>
public sealed record NameConflict(Origin From, NodeId Name, NodeAddress Kept, NodeAddress Refused) : IGossip;

/// <summary>The sender refuses to gossip with the receiver, with the reason.</summary>
/// <param name="Holder">With <see cref="Refusal.NameTaken"/>: the live node that has the receiver's name.</param>
public sealed record GossipRefused(NodeId From, Refusal Kind, string Reason, NameHolder? Holder = null) : IWireMessage;
