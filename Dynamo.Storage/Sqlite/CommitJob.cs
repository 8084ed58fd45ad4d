using Dynamo.Core.Storage;

namespace Dynamo.Storage.Sqlite;

/// <summary>What one caller wants of the store's writer: mutations, a named value, or a read between two transactions.</summary>
internal sealed class CommitJob(IReadOnlyList<Mutation> mutations, (string Name, byte[] Value)? meta, Action<Tables>? read)
{
    // Continuations run on the writer: they are actors' PipeTo, which only enqueues.
    private readonly TaskCompletionSource<IReadOnlyList<Applied>> _done = new();

    public IReadOnlyList<Mutation> Mutations { get; } = mutations;

    public (string Name, byte[] Value)? Meta { get; } = meta;

    public Action<Tables>? Read { get; } = read;

    /// <summary>Computed before the job is queued, outside the queue's lock.</summary>
    public long Bytes { get; } = mutations.Sum(m => m.Bytes);

    // A read in order runs between two transactions, and a named value (saved trees) says which transaction it follows.
    public bool StandsAlone => Read is not null || Meta is not null;

    public Applied[] Applied { get; } = new Applied[mutations.Count];

    /// <summary>This job's own failure; the other jobs of the transaction were committed.</summary>
    public Exception? Failure { get; set; }

    public Task<IReadOnlyList<Applied>> Task => _done.Task;

    public void Complete() => _done.TrySetResult(Applied);

    public void Fail(Exception e) => _done.TrySetException(e);
}
