using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Tests.Support;

/// <summary>An engine that a test can hold, slow down, make fail, and observe.</summary>
internal sealed class HeldEngine(IStorageEngine inner) : IStorageEngine
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _held = [];
    private readonly List<Mutation> _written = [];
    private readonly HashSet<StorageKey> _damaged = [];
    private Exception? _failure;
    private Exception? _scanFailure;
    private Exception? _readFailure;
    private Exception? _treesFailure;
    private Exception? _namedFailure;
    private TimeSpan _readTime;
    private bool _isHolding;
    private int _scans;
    private int _slowReads;

    /// <summary>All mutations that were requested.</summary>
    public IReadOnlyList<Mutation> Written
    {
        get
        {
            lock (_gate) return [.. _written];
        }
    }

    public int Scans => Volatile.Read(ref _scans);

    /// <summary>Reads that took the time given to <see cref="SlowDown"/>.</summary>
    public int SlowReads => Volatile.Read(ref _slowReads);

    public string Name => inner.Name;

    public StoreId Store => inner.Store;

    public bool IsSynced => inner.IsSynced;

    public StoreFigures Figures => inner.Figures;

    public long LastCommit => inner.LastCommit;

    /// <summary>From now on writes wait for <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate) _isHolding = true;
    }

    public void Release()
    {
        Action[] held;
        lock (_gate)
        {
            _isHolding = false;
            held = [.. _held];
            _held.Clear();
        }
        foreach (var act in held) act();
    }

    /// <summary>From now on ordered scans fail; null ends that.</summary>
    public void FailScans(Exception? failure)
    {
        lock (_gate) _scanFailure = failure;
    }

    /// <summary>From now on each read and each page of a scan blocks its thread for the time, as a slow disk does.</summary>
    public void SlowDown(TimeSpan readTime)
    {
        lock (_gate) _readTime = readTime;
    }

    /// <summary>From now on reads of any record fail; null ends that.</summary>
    public void FailReads(Exception? failure)
    {
        lock (_gate) _readFailure = failure;
    }

    /// <summary>From now on named values cannot be written; null ends that.</summary>
    public void FailNamed(Exception? failure)
    {
        lock (_gate) _namedFailure = failure;
    }

    /// <summary>From now on the saved hash trees cannot be read.</summary>
    public void FailTrees(Exception failure)
    {
        lock (_gate) _treesFailure = failure;
    }

    /// <summary>From now on writes fail.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate) _failure = failure;
    }

    /// <summary>From now on the key's records can be neither read nor written.</summary>
    public void Damage(StorageKey key)
    {
        lock (_gate) _damaged.Add(key);
    }

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations)
    {
        lock (_gate)
        {
            _written.AddRange(mutations);
            if (_failure is not null) return Task.FromException<IReadOnlyList<Applied>>(_failure);
            if (mutations.FirstOrDefault(m => _damaged.Contains(m.Key.Key)) is { } broken) return Task.FromException<IReadOnlyList<Applied>>(DamageOf(broken.Key.Key));
            if (!_isHolding) return inner.WriteAsync(mutations);
            var done = new TaskCompletionSource<IReadOnlyList<Applied>>();
            _held.Enqueue(() => done.SetResult(inner.WriteAsync(mutations).GetAwaiter().GetResult()));
            return done.Task;
        }
    }

    public Record Read(RecordKey key)
    {
        TakeTime();
        lock (_gate)
        {
            if (_readFailure is not null) throw _readFailure;
            if (_damaged.Contains(key.Key)) throw DamageOf(key.Key);
        }
        return inner.Read(key);
    }

    public void Watch(Action<Committed> observer) => inner.Watch(observer);

    public Task ScanInOrder(Token first, Token last, StorageKey? after, int max, Action<IReadOnlyList<StoredRecord>> handOver)
    {
        Interlocked.Increment(ref _scans);
        lock (_gate)
            if (_scanFailure is not null) return Task.FromException(_scanFailure);
        try
        {
            return inner.ScanInOrder(first, last, after, max, page => handOver(Readable(page)));
        }
        catch (StoreException e)
        {
            return Task.FromException(e);
        }
    }

    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int max)
    {
        TakeTime();
        return Readable(inner.Scan(first, last, after, max));
    }

    public IReadOnlyList<HintCount> HintCounts() => inner.HintCounts();

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int max)
    {
        TakeTime();
        return Readable(inner.ScanHints(owner, after, max));
    }

    public byte[]? GetMeta(string name)
    {
        TakeTime();
        lock (_gate)
            if (name == "trees" && _treesFailure is not null) throw _treesFailure;
        return inner.GetMeta(name);
    }

    public Task SetMetaAsync(string name, byte[] value)
    {
        lock (_gate) return _namedFailure is not null ? Task.FromException(_namedFailure) : inner.SetMetaAsync(name, value);
    }

    public void Dispose() => inner.Dispose();

    // Simulates the disk's time.
    private void TakeTime()
    {
        TimeSpan time;
        lock (_gate) time = _readTime;
        if (time == TimeSpan.Zero) return;
        Thread.Sleep(time);
        Interlocked.Increment(ref _slowReads);
    }

    private List<StoredRecord> Readable(IReadOnlyList<StoredRecord> page)
    {
        lock (_gate)
        {
            if (page.Count > 0 && _damaged.Contains(page[0].Key)) throw DamageOf(page[0].Key);
            return [.. page.TakeWhile(r => !_damaged.Contains(r.Key))];
        }
    }

    private static StoreException DamageOf(StorageKey key) => new($"the record of the key {key} is damaged") { Damaged = key };
}
