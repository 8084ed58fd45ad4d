using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>What a node that is to receive partitions is to do next.</summary>
public abstract record ReceiveEffect
{
    private ReceiveEffect()
    {
    }

    /// <summary>Ask the owner for the records after a key, and store those that this node is to own: <see cref="Receiving.Stored"/>, or <see cref="Receiving.NotStored"/>.</summary>
    public sealed record AskChunk(Reception Of, NodeId From, StorageKey? After) : ReceiveEffect;

    /// <summary>Keep it in the store, so that a restart goes on there.</summary>
    public sealed record SaveCursor(TransferCursor Cursor) : ReceiveEffect;

    /// <summary>Compare the partition with the owner by hash tree: <see cref="Receiving.Compared"/>.</summary>
    public sealed record Compare(Reception Of, NodeId With) : ReceiveEffect;

    /// <summary>Tell the cluster that this node holds all of the partition.</summary>
    public sealed record TellReceived(long Epoch, ulong PlanId, int Partition, long Keys, long Bytes) : ReceiveEffect;

    /// <summary>As <see cref="TellReceived"/>, of a partition that begins empty; and tell the operator that what only its owners held is lost.</summary>
    public sealed record TellLost(long Epoch, ulong PlanId, int Partition) : ReceiveEffect;

    /// <summary>Take the next step after the usual pause.</summary>
    public sealed record GoOn : ReceiveEffect
    {
        internal static readonly GoOn Instance = new();
    }

    /// <summary>Take the next step after the pause for what has to wait.</summary>
    public sealed record Rest : ReceiveEffect
    {
        internal static readonly Rest Instance = new();
    }
}
