using Dynamo.Actors.Storage;
using Dynamo.Core.Requests;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

// Every outcome of an ask, timeouts included, reaches the coordinator as one of these. A null answer is a failure: none came, or it did not fit the question.
// IsLate: the ask timed out; the node may still have acted.

internal sealed record ReadsCame(Lane<ReadItem>.Batch Batch, ReadAnswers? Answers, bool IsLate = false);

/// <summary>What the key of a conditional put holds. It comes as a message, since the put is another request than the get before it.</summary>
internal sealed record ConditionRead(PendingGet Check, Outcome.Found Found);

internal sealed record SetCame(Purpose Purpose, ReadAnswer Answer, bool IsLate = false);

internal sealed record WritesCame(Lane<WriteItem>.Batch Batch, WriteAnswers? Answers, bool IsLate = false);

internal sealed record MintsCame(Lane<MintItem>.Batch Batch, Minted? Minted, Exception? Failure);

/// <summary>Queued behind the current mailbox, so that everything already there joins the same batch.</summary>
internal sealed record Flush
{
    public static readonly Flush Instance = new();
}

/// <summary>Sets the pace of background work from recent request latencies.</summary>
internal sealed record PaceTick
{
    public static readonly PaceTick Instance = new();
}

/// <summary>Checks pending requests for timeouts.</summary>
internal sealed record Sweep
{
    public static readonly Sweep Instance = new();
}
