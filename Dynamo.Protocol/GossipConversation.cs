using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Opens a round: one hash of all the sender knows.</summary>
public sealed record GossipSyn(string ClusterName, NodeId From, ulong Hash) : IWireMessage;

/// <summary>The hashes are equal: the round is over.</summary>
public sealed record GossipAck(NodeId From) : IWireMessage;

/// <summary>The hashes differ: a mark for each member the sender knows, in answer to a syn.</summary>
public sealed record GossipMarks(NodeId From, ImmutableArray<MemberMark> Marks) : IWireMessage;

/// <param name="Difference">The members that differ, with the sender's ring and buckets.</param>
/// <param name="Marks">The sender's marks when it wants the difference the other way; empty when not.</param>
public sealed record GossipDelta(NodeId From, ClusterState Difference, ImmutableArray<MemberMark> Marks) : IWireMessage;

/// <summary>Sent each heartbeat interval to the peers that watch the sender.</summary>
public sealed record Heartbeat(NodeId From, long Incarnation) : IWireMessage;

/// <summary>The peer will not gossip with the sender, and why: another cluster's name, or a node that was removed.</summary>
public sealed record GossipRefused(NodeId From, string Reason) : IWireMessage;
