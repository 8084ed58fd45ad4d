using System.Collections.Concurrent;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Storage;

/// <summary>A store that lasts as long as its process. Ordered by token on demand, which is rare; point reads and writes are hash look-ups.</summary>
public sealed class MemoryEngine : IStorageEngine
{
    private readonly ConcurrentDictionary<RecordKey, Record> _records = new();
    private readonly ConcurrentDictionary<string, byte[]> _meta = new();
    private readonly Lock _writing = new();
    private readonly MintingStore _minting;
    private Action<Committed> _observer = _ => { };
    private long _sequence;
    private long _commits;
    private StoreFigures _figures;

    public MemoryEngine(StoreId store)
    {
        Store = store;
        _minting = new MintingStore(store, () => ++_sequence);
    }

    public string Name => "memory";

    public StoreId Store { get; }

    public bool IsSynced => false;

    public StoreFigures Figures
    {
        get
        {
            lock (_writing) return _figures;
        }
    }

    public long LastCommit
    {
        get
        {
            lock (_writing) return _commits;
        }
    }

    public void Watch(Action<Committed> observer)
    {
        lock (_writing) _observer = observer;
    }

    public Task ScanInOrder(Token first, Token last, StorageKey? after, int most, Action<IReadOnlyList<StoredRecord>> handOver)
    {
        lock (_writing) handOver(Scan(first, last, after, most));
        return Task.CompletedTask;
    }

    public Record Read(RecordKey key) => _records.GetValueOrDefault(key, Record.None);

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations)
    {
        var applied = new Applied[mutations.Count];
        lock (_writing)
        {
            for (var i = 0; i < applied.Length; i++) applied[i] = Apply(mutations[i]);
            _observer(new Committed(++_commits, applied));
        }
        return Task.FromResult<IReadOnlyList<Applied>>(applied);
    }

    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int most) =>
        Ordered(null, after, most, token => token.CompareTo(first) >= 0 && token.CompareTo(last) <= 0);

    public IReadOnlyList<HintCount> HintCounts() =>
        [.. _records.Keys.Where(k => k.HintFor is not null).CountBy(k => k.HintFor!.Value).Select(c => new HintCount(c.Key, c.Value)).OrderBy(c => c.Owner)];

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int most) => Ordered(owner, after, most, _ => true);

    public byte[]? GetMeta(string name) => _meta.GetValueOrDefault(name);

    public Task SetMetaAsync(string name, byte[] value)
    {
        _meta[name] = value;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    private Applied Apply(Mutation mutation)
    {
        var applied = mutation.Apply(Read(mutation.Key), _minting);
        if (!applied.IsChange) return applied;
        if (applied.After.Versions.IsEmpty) _records.TryRemove(mutation.Key, out _);
        else _records[mutation.Key] = applied.After;
        Count(mutation.Key, applied);
        return applied;
    }

    private void Count(RecordKey key, Applied applied)
    {
        var records = (applied.After.Versions.IsEmpty ? 0 : 1) - (applied.Before.Versions.IsEmpty ? 0 : 1);
        var bytes = SizeOf(applied.After) - SizeOf(applied.Before) + (records * key.Key.Encoded.Length);
        _figures = key.HintFor is null
            ? _figures with { Keys = _figures.Keys + records, Bytes = _figures.Bytes + bytes }
            : _figures with { Hints = _figures.Hints + records, HintBytes = _figures.HintBytes + bytes };
    }

    private static long SizeOf(Record record)
    {
        var bytes = 0L;
        foreach (var sibling in record.Versions.Siblings) bytes += sibling.Value.Length;
        return bytes;
    }

    private List<StoredRecord> Ordered(NodeId? hintFor, StorageKey? after, int most, Func<Token, bool> isWanted)
    {
        var page = new List<StoredRecord>();
        var room = new PageRoom(most);
        foreach (var (key, record) in _records
            .Where(r => r.Key.HintFor == hintFor && isWanted(r.Key.Key.Token) && (after is null || StorageKey.Compare(r.Key.Key, after.Value) > 0))
            .OrderBy(r => r.Key.Key, Comparer<StorageKey>.Create(StorageKey.Compare)))
        {
            if (room.IsFull) break;
            page.Add(new StoredRecord(key.Key, record));
            room.Take(PageRoom.SizeOf(key.Key, record.Versions));
        }
        return page;
    }
}
