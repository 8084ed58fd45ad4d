using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>What a client does next for one request.</summary>
public abstract record CallStep
{
    private CallStep()
    {
    }

    /// <summary>Send it to the node.</summary>
    /// <param name="Timeout">What the node is given.</param>
    public sealed record Send(NodeId Node, TimeSpan Timeout) : CallStep;

    /// <summary>Wait for who was asked.</summary>
    public sealed record Wait : CallStep
    {
        internal static readonly Wait Instance = new();
    }

    /// <summary>Nothing more can be tried: tell the caller.</summary>
    /// <param name="Refusal">The last word of a node; with <see cref="CallFailure.Overloaded"/> and <see cref="CallFailure.Refused"/>.</param>
    public sealed record GiveUp(CallFailure Why, string? Refusal = null) : CallStep;
}

public enum CallFailure
{
    /// <summary>No node has told what the cluster is like.</summary>
    NobodyKnown,

    /// <summary>The cluster has no ring yet.</summary>
    NoRing,

    /// <summary>The nodes that were tried did not answer.</summary>
    NoAnswer,

    /// <summary>The last node that answered had too much to do.</summary>
    Overloaded,

    /// <summary>The last node that answered could not serve it.</summary>
    Refused,
}

/// <summary>Why a node did not serve a request of which it did nothing.</summary>
public enum RefusalKind
{
    Overloaded,

    /// <summary>It is no replica of the key, or has no ring.</summary>
    WrongNode,

    /// <summary>Its store did not take the write.</summary>
    NotStored,
}
