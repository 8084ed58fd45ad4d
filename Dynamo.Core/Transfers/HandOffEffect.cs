using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Core.Transfers;

/// <summary>What one owner should hold of the records that are to be dropped here.</summary>
public sealed record OwnersPart(NodeId Owner, ImmutableArray<StoredRecord> Records);

/// <summary>What a node that holds what is not its own is to do next.</summary>
public abstract record HandOffEffect
{
    private HandOffEffect()
    {
    }

    /// <summary>Have each owner prove that it holds its part, or take it in: <see cref="HandOff.Proved"/>.</summary>
    /// <param name="Strays">All records of the parts.</param>
    public sealed record Prove(Giving Of, ImmutableArray<StoredRecord> Strays, ImmutableArray<OwnersPart> Parts) : HandOffEffect;

    /// <summary>Drop the records if they are unchanged: <see cref="HandOff.Dropped"/>.</summary>
    public sealed record Drop(ImmutableArray<StoredRecord> Records) : HandOffEffect;

    /// <summary>Tell the operator that so many keys of a partition were dropped.</summary>
    public sealed record TellHandedOff(int Partition, long Keys) : HandOffEffect;

    /// <summary>Tell the cluster that this node, which leaves, owns nothing and holds nothing that others should have.</summary>
    public sealed record TellAllHandedOff : HandOffEffect
    {
        internal static readonly TellAllHandedOff Instance = new();
    }

    /// <inheritdoc cref="ReceiveEffect.GoOn"/>
    public sealed record GoOn : HandOffEffect
    {
        internal static readonly GoOn Instance = new();
    }

    /// <inheritdoc cref="ReceiveEffect.Rest"/>
    public sealed record Rest : HandOffEffect
    {
        internal static readonly Rest Instance = new();
    }
}
