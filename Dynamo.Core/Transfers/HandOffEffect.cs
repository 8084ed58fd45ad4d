using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Core.Transfers;

/// <summary>The records about to be dropped here that one owner should hold.</summary>
public sealed record OwnersPart(NodeId Owner, ImmutableArray<StoredRecord> Records);

/// <summary>The next action of an ownership handoff.</summary>
public abstract record HandOffEffect
{
    private HandOffEffect()
    {
    }

    /// <summary>Have each owner prove that it holds its part, or store it: <see cref="HandOff.Proved"/>.</summary>
    /// <param name="Strays">All records of the parts.</param>
    public sealed record Prove(Giving Of, ImmutableArray<StoredRecord> Strays, ImmutableArray<OwnersPart> Parts) : HandOffEffect;

    /// <summary>Drop the records if they are unchanged: <see cref="HandOff.Dropped"/>.</summary>
    public sealed record Drop(ImmutableArray<StoredRecord> Records) : HandOffEffect;

    /// <summary>Tell the operator how many keys of a partition were dropped.</summary>
    public sealed record TellHandedOff(int Partition, long Keys) : HandOffEffect;

    /// <summary>Tell the cluster that this leaving node owns nothing, and holds nothing that others should have.</summary>
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
