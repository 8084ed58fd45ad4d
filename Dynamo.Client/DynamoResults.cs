using Dynamo.Protocol;

namespace Dynamo.Client;

/// <param name="Values">The siblings: more than one when writes were concurrent, none when the key is not there.</param>
/// <param name="Context">For the put that resolves or replaces them. A key that was deleted has a context too.</param>
/// <param name="Answered">How many replicas had answered.</param>
public sealed record GetResult(IReadOnlyList<ReadOnlyMemory<byte>> Values, DynamoContext Context, int Answered)
{
    public bool IsFound => Values.Count > 0;
}

/// <param name="Context">What the writer has seen from now on: pass it to the next put of this key.</param>
/// <param name="W">How many nodes had to take the write.</param>
/// <param name="Took">Those that had taken it when the answer was sent, and as what.</param>
public sealed record PutResult(DynamoContext Context, int W, IReadOnlyList<ReceiptLine> Took);
