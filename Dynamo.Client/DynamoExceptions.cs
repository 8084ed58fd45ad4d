using Dynamo.Core.Membership;

namespace Dynamo.Client;

/// <summary>A failed request; each kind of failure has its own derived type.</summary>
public abstract class DynamoException(string message) : Exception(message);

/// <summary>The request is invalid: an empty key, a value over the limit, an impossible quorum. Nothing was done.</summary>
public sealed class DynamoBadRequestException(string message) : DynamoException(message);

/// <summary>The context is forged, truncated, or belongs to another key or cluster. Nothing was done.</summary>
public sealed class DynamoBadContextException(string message) : DynamoException(message);

/// <summary>The nodes tried are at their limit of requests in flight. Nothing was done; try again later.</summary>
public sealed class DynamoOverloadedException(string message) : DynamoException(message);

/// <summary>The condition of a conditional put does not hold. Nothing was done.</summary>
public sealed class DynamoConditionException(string message, DynamoContext context) : DynamoException(message)
{
    /// <summary>The context of what the key holds, as far as the coordinator knew.</summary>
    public DynamoContext Context { get; } = context;
}

/// <summary>A key has siblings, and its bucket's resolver refuses to choose.</summary>
public sealed class DynamoConflictException(int siblings) : DynamoException($"the key has {siblings} siblings, and nothing resolves them")
{
    /// <summary>How many siblings there are.</summary>
    public int Siblings { get; } = siblings;
}

/// <summary>An update of a data type does not fit what the key holds: a value of another type, or one beyond a limit. Nothing was done.</summary>
public sealed class DynamoUpdateException(string message) : DynamoException(message);

/// <summary>Too few replicas answered. A write may still take effect.</summary>
public sealed class DynamoQuorumException(string message, int needed, int had) : DynamoException(message)
{
    /// <summary>The number of answers needed.</summary>
    public int Needed { get; } = needed;

    /// <summary>The number of answers received in time.</summary>
    public int Had { get; } = had;
}

/// <summary>No node answered in time, or none that did could serve. The message says so if a write may have taken effect.</summary>
public sealed class DynamoUnavailableException(string message) : DynamoException(message)
{
    /// <summary>True when nobody answered within the time limit; false when an answer says that the cluster cannot serve now.</summary>
    public bool IsTimeout { get; init; }

    internal static DynamoUnavailableException NoAnswer(IEnumerable<NodeAddress> contacts, TimeSpan timeout) =>
        new($"no node answered at {string.Join(", ", contacts)} within {timeout.TotalSeconds:0.###}s") { IsTimeout = true };
}
