using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Asks a node how it is.</summary>
public sealed record StatusRequest : IWireMessage
{
    public static readonly StatusRequest Instance = new();
}

/// <param name="UptimeMs">Since the node's actors started.</param>
/// <param name="HintsHeld">Writes that this node keeps for others.</param>
public sealed record NodeStatus(
    NodeId Node, string Version, int ProcessId, long UptimeMs, string Engine, long RingEpoch, int Members, ulong StateHash,
    ImmutableArray<NodeId> Unreachable, long Keys, long Bytes, long HintsHeld, long InFlight)
    : IWireMessage;
