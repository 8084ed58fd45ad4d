using Dynamo.Core.Ring;

namespace Dynamo.Actors.Shared;

// What the transfers tell the node's gossiper, by way of the node. They never leave the process.

/// <summary>This node holds all of a partition that the plan gives it.</summary>
public sealed record PartitionReceived(long Epoch, ulong PlanId, int Partition);

/// <summary>This node, which leaves, owns nothing and holds nothing that others should have.</summary>
public sealed record HandedAllOff
{
    public static readonly HandedAllOff Instance = new();
}
