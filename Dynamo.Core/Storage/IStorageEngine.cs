using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Storage;

/// <summary>A store that cannot be used as it is; the message says which, why, and what to do.</summary>
public sealed class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>The key of the one record that could not be read.</summary>
    public StorageKey? Damaged { get; init; }

    /// <summary>The disk or the whole file failed, not just one record: another write would fail too.</summary>
    public bool IsOfDisk { get; init; }
}

/// <param name="Keys">The store's own records, tombstones included.</param>
/// <param name="Bytes">Bytes of keys and records, without the engine's overhead.</param>
public readonly record struct StoreFigures(long Keys, long Bytes, long Hints, long HintBytes);

public readonly record struct StoredRecord(StorageKey Key, Record Record);

/// <summary>Hints kept for one node.</summary>
public readonly record struct HintCount(NodeId Owner, long Hints);

/// <summary>One committed transaction.</summary>
/// <param name="Number">Counts the store's transactions since its creation, without gaps.</param>
public sealed record Committed(long Number, IReadOnlyList<Applied> Applied);

/// <summary>
/// One node's store: its own records, the hints it keeps for others, and a few named values. Reads may come from any thread at
/// any time; writes are applied in order of arrival, one transaction for all that wait.
/// </summary>
public interface IStorageEngine : IDisposable
{
    /// <summary>The engine's name, in the settings and for display.</summary>
    string Name { get; }

    StoreId Store { get; }

    /// <summary>True when an acknowledged write is on disk.</summary>
    bool IsSynced { get; }

    StoreFigures Figures { get; }

    /// <returns><see cref="Record.None"/> when there is none.</returns>
    Record Read(RecordKey key);

    /// <summary>Applies all mutations in order; completes when they are as durable as the engine makes them. They fail as one.</summary>
    Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations);

    /// <summary>The number of the last committed transaction; it survives a restart.</summary>
    long LastCommit { get; }

    /// <summary>
    /// Tells <paramref name="observer"/> of each transaction from now on, in order, before its writers. The observer must not block. A page of
    /// <see cref="ScanInOrder"/> is handed over in the same order: after the transactions that the scan saw, and before the others.
    /// </summary>
    void Watch(Action<Committed> observer);

    /// <summary>As <see cref="Scan"/>, in turn with the writes; see <see cref="Watch"/>.</summary>
    /// <returns>Completes when the page is handed over; a scan that fails, as <see cref="Scan"/> may, hands over nothing.</returns>
    Task ScanInOrder(Token first, Token last, StorageKey? after, int max, Action<IReadOnlyList<StoredRecord>> handOver);

    /// <summary>
    /// A page of the store's own records by token, then key: up to <paramref name="max"/> of them from first to last token, after a key, and
    /// fewer once they take <see cref="PageRoom.MaxBytes"/>. Only an empty page is the end of the scan; a short one is not.
    /// </summary>
    /// <exception cref="StoreException">
    /// The first record of the page is damaged and named (<see cref="StoreException.Damaged"/>); the scan can go on after it. A page ends before a
    /// damaged record.
    /// </exception>
    IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int max);

    /// <summary>The number of hints for each owner; kept up to date with each write, so asking is cheap.</summary>
    IReadOnlyList<HintCount> HintCounts();

    /// <summary>Hints for one node, by token, then key, in pages like those of <see cref="Scan"/>.</summary>
    IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int max);

    /// <returns>The named value, or null.</returns>
    byte[]? GetMeta(string name);

    Task SetMetaAsync(string name, byte[] value);
}
