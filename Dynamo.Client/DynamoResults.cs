using Dynamo.Client.DataTypes;
using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>The result of a get.</summary>
/// <param name="Values">The siblings: more than one after concurrent writes, none when the key does not exist.</param>
/// <param name="Context">Context for the put that resolves or replaces the values. A deleted key has a context too.</param>
/// <param name="Answered">How many replicas had answered.</param>
public sealed record GetResult(IReadOnlyList<ReadOnlyMemory<byte>> Values, DynamoContext Context, int Answered)
{
    /// <summary>
    /// The values of data types, apart from the plain <see cref="Values"/>: usually none, or one and no plain value. Concurrent first updates of different types,
    /// or a put without a context, make a key hold more.
    /// </summary>
    public IReadOnlyList<DynamoData> Data { get; init; } = [];

    /// <summary>True when there is at least one value.</summary>
    public bool IsFound => Values.Count + Data.Count > 0;
}

/// <summary>The receipt of a put or a delete.</summary>
/// <param name="Context">The writer's new context: pass it to the next put of this key.</param>
/// <param name="W">How many nodes had to take the write.</param>
/// <param name="Took">The nodes that had taken the write when the answer was sent.</param>
public sealed record PutResult(DynamoContext Context, int W, IReadOnlyList<WriteReceipt> Took)
{
    /// <summary>How the condition of a conditional put was checked; null for other writes.</summary>
    public ConditionReceipt? Condition { get; init; }

    /// <summary>A counter's value after its update, as the coordinator knew it; null for other writes.</summary>
    public long? Counter { get; init; }
}

/// <summary>How a condition was checked.</summary>
/// <param name="By">The node that checked it and coordinated the put.</param>
/// <param name="IsFirst">
/// True when the node believes itself the first replica of the key that is up. Conditional puts of a key exclude each other while all nodes agree on that one.
/// </param>
/// <param name="Answered">How many replicas had said what the key holds.</param>
public sealed record ConditionReceipt(NodeId By, bool IsFirst, int Answered);

/// <summary>A node that took a write, and its role.</summary>
/// <param name="Node">The node.</param>
/// <param name="FallbackFor">The primary for which it keeps the write as a hint; null: it is a primary itself.</param>
/// <param name="IsSynced">True when the write was on the node's disk when it answered.</param>
public sealed record WriteReceipt(NodeId Node, NodeId? FallbackFor, bool IsSynced);
