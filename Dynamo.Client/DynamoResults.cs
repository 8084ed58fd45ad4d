using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>The result of a get.</summary>
/// <param name="Values">The siblings: more than one after concurrent writes, none when the key does not exist.</param>
/// <param name="Context">Context for the put that resolves or replaces the values. A deleted key has a context too.</param>
/// <param name="Answered">How many replicas had answered.</param>
public sealed record GetResult(IReadOnlyList<ReadOnlyMemory<byte>> Values, DynamoContext Context, int Answered)
{
    /// <summary>True when there is at least one value.</summary>
    public bool IsFound => Values.Count > 0;
}

/// <summary>The receipt of a put or a delete.</summary>
/// <param name="Context">The writer's new context: pass it to the next put of this key.</param>
/// <param name="W">How many nodes had to take the write.</param>
/// <param name="Took">The nodes that had taken the write when the answer was sent.</param>
public sealed record PutResult(DynamoContext Context, int W, IReadOnlyList<WriteReceipt> Took);

/// <summary>A node that took a write, and its role.</summary>
/// <param name="Node">The node.</param>
/// <param name="FallbackFor">The primary for which it keeps the write as a hint; null: it is a primary itself.</param>
/// <param name="IsSynced">True when the write was on the node's disk when it answered.</param>
public sealed record WriteReceipt(NodeId Node, NodeId? FallbackFor, bool IsSynced);
