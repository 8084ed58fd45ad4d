using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>The next action of a node that receives partitions.</summary>
public abstract record ReceiveEffect
{
    private ReceiveEffect()
    {
    }

    /// <summary>
    /// Ask the owner for records after a key, and store those that this node will own: <see cref="Receiving.Stored"/> or <see cref="Receiving.NotStored"/>.
    /// </summary>
    public sealed record AskChunk(Reception Of, NodeId From, StorageKey? After) : ReceiveEffect;

    /// <summary>Save the cursor in the store, so that a restart goes on from there.</summary>
    public sealed record SaveCursor(TransferCursor Cursor) : ReceiveEffect;

    /// <summary>Compare the partition with the owner by hash tree: <see cref="Receiving.Compared"/>.</summary>
    public sealed record Compare(Reception Of, NodeId With) : ReceiveEffect;

    /// <summary>Tell the cluster that this node holds all of the partition.</summary>
    public sealed record TellReceived(long Epoch, ulong PlanId, int Partition, long Keys, long Bytes) : ReceiveEffect;

    /// <summary>As <see cref="TellReceived"/>, for a partition that begins empty; also tell the operator that data that only its owners held is lost.</summary>
    public sealed record TellLost(long Epoch, ulong PlanId, int Partition) : ReceiveEffect;

    /// <summary>Take the next step after the usual pause.</summary>
    public sealed record GoOn : ReceiveEffect
    {
        internal static readonly GoOn Instance = new();
    }

    /// <summary>Nothing can be done now: take the next step after the pause for that case.</summary>
    public sealed record Rest : ReceiveEffect
    {
        internal static readonly Rest Instance = new();
    }
}
