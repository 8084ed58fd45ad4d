using System.Collections.Concurrent;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Storage.Memory;

/// <summary>
/// A store that lasts as long as its process. Reads are hash look-ups without a lock. The order of the keys is kept beside the records, and
/// changes only when a key is added or removed.
/// </summary>
public sealed class MemoryEngine : IStorageEngine
{
    private readonly ConcurrentDictionary<RecordKey, Record> _records = new();
    private readonly OrderedKeys _own = new();
    private readonly SortedDictionary<NodeId, OrderedKeys> _hints = [];
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

    public Task ScanInOrder(Token first, Token last, StorageKey? after, int max, Action<IReadOnlyList<StoredRecord>> handOver)
    {
        lock (_writing) handOver(Scan(first, last, after, max));
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

    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int max)
    {
        lock (_writing) return Page(_own.Between(first, last, after), null, max);
    }

    public IReadOnlyList<HintCount> HintCounts()
    {
        lock (_writing) return [.. _hints.Select(h => new HintCount(h.Key, h.Value.Count))];
    }

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int max)
    {
        lock (_writing) return _hints.TryGetValue(owner, out var keys) ? Page(keys.Between(new Token(0), new Token(ulong.MaxValue), after), owner, max) : [];
    }

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
        if (applied.After.Versions.IsEmpty)
        {
            if (_records.TryRemove(mutation.Key, out _)) Forget(mutation.Key);
        }
        else
        {
            _records[mutation.Key] = applied.After;
            if (applied.Before.Versions.IsEmpty) KeysOf(mutation.Key.HintFor).Add(mutation.Key.Key);
        }
        Count(mutation.Key, applied);
        return applied;
    }

    private void Count(RecordKey key, Applied applied)
    {
        var records = (applied.After.Versions.IsEmpty ? 0 : 1) - (applied.Before.Versions.IsEmpty ? 0 : 1);
        var bytes = applied.After.Versions.ValueBytes - applied.Before.Versions.ValueBytes + (records * key.Key.Encoded.Length);
        _figures = key.HintFor is null
            ? _figures with { Keys = _figures.Keys + records, Bytes = _figures.Bytes + bytes }
            : _figures with { Hints = _figures.Hints + records, HintBytes = _figures.HintBytes + bytes };
    }

    private OrderedKeys KeysOf(NodeId? hintFor)
    {
        if (hintFor is not { } owner) return _own;
        return _hints.TryGetValue(owner, out var keys) ? keys : _hints[owner] = new OrderedKeys();
    }

    private void Forget(RecordKey key)
    {
        var keys = KeysOf(key.HintFor);
        keys.Remove(key.Key);
        if (keys.Count == 0 && key.HintFor is { } owner) _hints.Remove(owner);
    }

    private List<StoredRecord> Page(IEnumerable<StorageKey> keys, NodeId? hintFor, int max)
    {
        var page = new List<StoredRecord>();
        var room = PageRoom.For(max);
        foreach (var key in keys)
        {
            var record = _records[new RecordKey(key, hintFor)];
            if (!room.TryTake(PageRoom.SizeOf(key, record.Versions))) break;
            page.Add(new StoredRecord(key, record));
        }
        return page;
    }
}
