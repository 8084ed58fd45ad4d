using Akka.Event;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Storage;

/// <summary>Reads and scans that skip unreadable records, so that one does not block the others. Each reader logs a damaged record once.</summary>
internal sealed class DamagedRecords(ILoggingAdapter log)
{
    private const int MaxTold = 1000;
    private readonly HashSet<StorageKey> _told = [];

    /// <summary>Like <see cref="IStorageEngine.Scan"/>; an empty page is the end.</summary>
    public IReadOnlyList<StoredRecord> Scan(IStorageEngine engine, Token first, Token last, StorageKey? after, int max) =>
        Readable(from => engine.Scan(first, last, from, max), after);

    /// <summary>Like <see cref="IStorageEngine.ScanHints"/>.</summary>
    public IReadOnlyList<StoredRecord> ScanHints(IStorageEngine engine, NodeId owner, StorageKey? after, int max) =>
        Readable(from => engine.ScanHints(owner, from, max), after);

    /// <returns>Null: the record cannot be read.</returns>
    public VersionSet? TryRead(IStorageEngine engine, RecordKey key)
    {
        try
        {
            return engine.Read(key).Versions;
        }
        catch (StoreException e) when (e.Damaged is not null)
        {
            Tell(e);
            return null;
        }
    }

    public void Tell(StoreException damage)
    {
        if (_told.Count < MaxTold && _told.Add(damage.Damaged!.Value)) log.Error(damage, "a record is skipped: {0}", damage.Message);
    }

    private IReadOnlyList<StoredRecord> Readable(Func<StorageKey?, IReadOnlyList<StoredRecord>> scan, StorageKey? after)
    {
        while (true)
        {
            try
            {
                return scan(after);
            }
            catch (StoreException e) when (e.Damaged is not null)
            {
                Tell(e);
                after = e.Damaged;
            }
        }
    }
}
