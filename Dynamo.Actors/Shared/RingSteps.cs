using Dynamo.Core.Ring;

namespace Dynamo.Actors.Shared;

// Sent by the transfer actors to the gossiper, through the node's root. They never leave the process.

/// <summary>This node holds all of a partition that the plan assigns to it.</summary>
public sealed record PartitionReceived(long Epoch, ulong PlanId, int Partition);

/// <summary>This node is leaving, owns nothing, and holds nothing that others still need.</summary>
public sealed record HandedAllOff
{
    public static readonly HandedAllOff Instance = new();
}
