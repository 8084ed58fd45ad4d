using Dynamo.Actors.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

// Every outcome of an ask, its timeout too, comes back to the coordinator as one of these; a null answer is a failure, and so is one that does not fit the question.
// IsLate: there was none in time, which does not say that there will be none.

internal sealed record ReadsCame(Lane<ReadItem>.Batch Batch, ReadAnswers? Answers, bool IsLate = false);

internal sealed record WritesCame(Lane<WriteItem>.Batch Batch, WriteAnswers? Answers, bool IsLate = false);

internal sealed record MintsCame(Lane<MintItem>.Batch Batch, Minted? Minted, Exception? Failure);

/// <summary>Queued behind what is in the mailbox: when it comes, all that was ready has gathered.</summary>
internal sealed record Flush
{
    public static readonly Flush Instance = new();
}

/// <summary>Looks at how long requests took of late, and sets the pace of background work by it.</summary>
internal sealed record PaceTick
{
    public static readonly PaceTick Instance = new();
}

/// <summary>Looks for requests that are past their time.</summary>
internal sealed record Sweep
{
    public static readonly Sweep Instance = new();
}
