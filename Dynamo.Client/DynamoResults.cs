using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>What a get found.</summary>
/// <param name="Values">The siblings: more than one when writes were concurrent, none when the key is not there.</param>
/// <param name="Context">For the put that resolves or replaces them. A key that was deleted has a context too.</param>
/// <param name="Answered">How many replicas had answered.</param>
public sealed record GetResult(IReadOnlyList<ReadOnlyMemory<byte>> Values, DynamoContext Context, int Answered)
{
    /// <summary>There is at least one value.</summary>
    public bool IsFound => Values.Count > 0;
}

/// <summary>The receipt of a put or a delete.</summary>
/// <param name="Context">What the writer has seen from now on: pass it to the next put of this key.</param>
/// <param name="W">How many nodes had to take the write.</param>
/// <param name="Took">Those that had taken it when the answer was sent.</param>
public sealed record PutResult(DynamoContext Context, int W, IReadOnlyList<WriteReceipt> Took);

/// <summary>One node that took a write.</summary>
/// <param name="Node">The node.</param>
/// <param name="FallbackFor">The primary for which it keeps the write as a hint; null: it is a primary itself.</param>
/// <param name="IsSynced">The write was on its disk when it answered.</param>
public sealed record WriteReceipt(NodeId Node, NodeId? FallbackFor, bool IsSynced);
