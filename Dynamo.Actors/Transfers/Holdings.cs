using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Transfers;

namespace Dynamo.Actors.Transfers;

/// <summary>A store as ownership handoff sees it.</summary>
internal sealed class Holdings(IStorageEngine engine, DamagedRecords damaged, int pageBytes) : IHoldings
{
    private const int RecordsPerPage = 200;

    public bool HasHints => engine.Figures.Hints > 0;

    public bool HasAny(Token first, Token last) => damaged.Scan(engine, first, last, null, 1).Count > 0;

    public IReadOnlyList<StoredRecord> Page(Token first, Token last, StorageKey? after) =>
        RecordSizes.Bounded(damaged.Scan(engine, first, last, after, RecordsPerPage), pageBytes);

    public int SizeOf(StoredRecord record) => RecordSizes.Of(record.Key, record.Record.Versions);
}
