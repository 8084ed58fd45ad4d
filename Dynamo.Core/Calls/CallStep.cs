using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>A client's next step for one request.</summary>
public abstract record CallStep
{
    private CallStep()
    {
    }

    /// <summary>Send it to the node.</summary>
    /// <param name="Timeout">The node's time limit.</param>
    /// <param name="IsAgain">Another node was sent this write before, and may have taken it.</param>
    public sealed record Send(NodeId Node, TimeSpan Timeout, bool IsAgain = false) : CallStep;

    /// <summary>Wait for the nodes already asked.</summary>
    public sealed record Wait : CallStep
    {
        internal static readonly Wait Instance = new();
    }

    /// <summary>Nothing more can be tried: tell the caller.</summary>
    /// <param name="Refusal">The last refusal; set with <see cref="CallFailure.Overloaded"/> and <see cref="CallFailure.Refused"/>.</param>
    public sealed record GiveUp(CallFailure Why, string? Refusal = null) : CallStep;
}

public enum CallFailure
{
    /// <summary>No node has described the cluster yet.</summary>
    NobodyKnown,

    /// <summary>The cluster has no ring yet.</summary>
    NoRing,

    /// <summary>The nodes tried did not answer.</summary>
    NoAnswer,

    /// <summary>The last node that answered was overloaded.</summary>
    Overloaded,

    /// <summary>The last node that answered could not serve the request.</summary>
    Refused,
}

/// <summary>The reason why a node refused a request without doing any of it.</summary>
public enum RefusalKind
{
    Overloaded,

    /// <summary>The node is no replica of the key, or has no ring.</summary>
    WrongNode,

    /// <summary>The node's store did not take the write.</summary>
    NotStored,
}
