using Dynamo.Client;
using Dynamo.Client.DataTypes;

namespace Dynamo.Http.Documents;

/// <summary>All that a key holds.</summary>
/// <param name="Values">The plain values: siblings of each other.</param>
/// <param name="Siblings">The number of values, those of data types included.</param>
/// <param name="Data">The values of data types; absent: there are none.</param>
internal sealed record KeyDocument(ByteText Key, IReadOnlyList<ByteText> Values, int Siblings, IReadOnlyList<TypedValue>? Data, string Context)
{
    public static KeyDocument Of(DynamoKey key, GetResult got) => new(
        new ByteText(key.Bytes), [.. got.Values.Select(v => new ByteText(v))], got.Values.Count + got.Data.Count,
        got.Data.Count > 0 ? [.. got.Data.Select(TypedValue.Of)] : null, got.Context.ToString());
}

/// <param name="Type">counter, set, register, flag or map.</param>
internal sealed record TypedValue(string Type, DataValue Value)
{
    public static TypedValue Of(DynamoData data) => new(data.TypeName, new DataValue(data));
}

/// <summary>The value of a data type.</summary>
/// <param name="Context">What was seen: a delete with it removes that and nothing else.</param>
internal sealed record DataDocument(string Type, DataValue Value, string Context);

/// <summary>The receipt of a write.</summary>
/// <param name="Context">The writer's new context, for its next put of the key.</param>
/// <param name="W">How many nodes had to take the write.</param>
/// <param name="Took">The nodes that had taken it when the answer was sent.</param>
/// <param name="Condition">How a condition was checked; absent: there was none.</param>
/// <param name="Counter">A counter's value as the coordinator knew it; absent for other writes.</param>
internal sealed record ReceiptDocument(string Context, int W, IReadOnlyList<TakerDocument> Took, ConditionDocument? Condition, long? Counter)
{
    public static ReceiptDocument Of(PutResult put) => new(
        put.Context.ToString(), put.W, [.. put.Took.Select(TakerDocument.Of)],
        put.Condition is { } condition ? new ConditionDocument(condition.By.Name, condition.IsFirst, condition.Answered) : null, put.Counter);
}

/// <param name="As">primary, or "fallback for" a node: it keeps the write as a hint.</param>
/// <param name="Synced">True when the write was on the node's disk when it answered.</param>
internal sealed record TakerDocument(string Node, string As, bool Synced)
{
    public static TakerDocument Of(WriteReceipt took) => new(took.Node.Name, took.FallbackFor is { } primary ? $"fallback for {primary}" : "primary", took.IsSynced);
}

/// <param name="First">True when the checking node believes itself the key's first replica that is up: docs/conditional-puts.md.</param>
/// <param name="Answered">How many replicas had said what the key holds.</param>
internal sealed record ConditionDocument(string CheckedBy, bool First, int Answered);

/// <summary>One page of a listing.</summary>
/// <param name="Next">The token of the next page, for `after`; absent: this is the last one.</param>
internal sealed record KeysDocument(IReadOnlyList<ByteText> Keys, string? Next);

/// <summary>One line of a streamed listing.</summary>
internal sealed record KeyLine(ByteText Key);

/// <summary>One line of a streamed listing of buckets.</summary>
internal sealed record BucketLine(string Bucket);

internal sealed record BucketsDocument(IReadOnlyList<string> Buckets);
