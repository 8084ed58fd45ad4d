using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Simulation.Tests.World;

/// <summary>The storage engine of a simulated node: group commit in virtual time, on a disk that outlives it. It behaves as the sqlite engine does.</summary>
public sealed class SimEngine : IStorageEngine
{
    private readonly SimProcess _process;
    private readonly SimDisk _disk;
    private readonly Queue<Job> _waiting = [];
    private MintingStore _minting;
    private Action<Committed> _observer = _ => { };
    private bool _isCommitting;
    private bool _isClosed;

    public SimEngine(SimProcess process, SimDisk disk, bool syncsCommits)
    {
        _process = process;
        _disk = disk;
        IsSynced = syncsCommits;
        var isBack = (disk.MayLoseTail || disk.IsMarkedCopy) && !disk.Mutation.HasFlag(StorageMutation.ReusesStoreId);
        if (disk.State.Store == default || isBack) disk.State = disk.State with { Store = NewId() };
        (disk.MayLoseTail, disk.IsMarkedCopy) = (!syncsCommits, false);
        _minting = Minting();
    }

    public string Name => "simulated";

    public StoreId Store => _disk.State.Store;

    public bool IsSynced { get; }

    public long LastCommit => _disk.State.Commits;

    public StoreFigures Figures => new(_disk.Records.Keys.Count(k => k.HintFor is null), 0, _disk.Records.Keys.Count(k => k.HintFor is not null), 0);

    /// <summary>Tombstones of the node's own records that were reaped.</summary>
    public int Reaps { get; private set; }

    public void Watch(Action<Committed> observer) => _observer = observer;

    public Task ScanInOrder(Token first, Token last, StorageKey? after, int max, Action<IReadOnlyList<StoredRecord>> handOver) =>
        Enqueue(new Job([]) { Read = () => handOver(Scan(first, last, after, max)) });

    public Record Read(RecordKey key) => _disk.Records.GetValueOrDefault(key, Record.None);

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations)
    {
        var job = new Job(mutations);
        if (_disk.Mutation.HasFlag(StorageMutation.AckBeforeCommit))
            _process.World.At(TimeSpan.Zero, _process, () => job.Done.TrySetResult(mutations.Select(m => m.Apply(Read(m.Key), _minting)).ToList()));
        return Enqueue(job);
    }

    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int max) =>
        Ordered(null, after, max, t => t.CompareTo(first) >= 0 && t.CompareTo(last) <= 0);

    public IReadOnlyList<HintCount> HintCounts() =>
        [.. _disk.Records.Keys.Where(k => k.HintFor is not null).CountBy(k => k.HintFor!.Value).Select(c => new HintCount(c.Key, c.Value)).OrderBy(c => c.Owner)];

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int max) => Ordered(owner, after, max, _ => true);

    public byte[]? GetMeta(string name) => _disk.Meta.GetValueOrDefault(name);

    public Task SetMetaAsync(string name, byte[] value) => Enqueue(new Job([]) { Meta = (name, value) });

    /// <summary>Finishes pending writes at once.</summary>
    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        while (_waiting.Count > 0) Run(Take(CountOfNext()))();
        _disk.Close();
    }

    private Task<IReadOnlyList<Applied>> Enqueue(Job job)
    {
        if (_isClosed) job.Done.TrySetException(new StoreException("the store is closed"));
        else _waiting.Enqueue(job);
        if (!_isCommitting && !_isClosed) CommitSoon();
        return job.Done.Task;
    }

    // Jobs stay at the head of the queue until their time has come: a store that is closed meanwhile finishes them.
    private void CommitSoon()
    {
        _isCommitting = true;
        var taken = CountOfNext();
        var time = _waiting.Peek().Read is not null ? TimeSpan.Zero
            : TimeSpan.FromMicroseconds(IsSynced ? _process.World.Random.Next(100, 2000) : 20) + (_disk.Slowness * _process.World.Random.NextDouble()) + _disk.Stall;
        _process.World.At(time, _process, () =>
        {
            if (_isClosed) return;
            _isCommitting = false;
            var complete = Run(Take(taken));
            if (_waiting.Count > 0) CommitSoon();
            complete();
        });
    }

    // An ordered scan runs between two transactions, and a named value says which transaction it follows: both run alone.
    private int CountOfNext() => Math.Max(1, _waiting.TakeWhile(j => j is { Read: null, Meta: null }).Count());

    private Job[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => _waiting.Dequeue())];

    /// <returns>An action that completes the callers.</returns>
    private Action Run(Job[] jobs)
    {
        if (jobs[0].Read is { } read)
        {
            read();
            return () => jobs[0].Done.TrySetResult([]);
        }
        if (_disk.IsFull)
        {
            _process.World.Note($"no room {_process.Name}");
            return () =>
            {
                foreach (var job in jobs) job.Done.TrySetException(new StoreException("the disk is full"));
            };
        }
        var undo = new CommitUndo(_process.World.Now, IsSynced, _disk.State);
        var results = jobs.Select(j => Apply(j, undo)).ToArray();
        _disk.State = _disk.State with { Commits = _disk.State.Commits + 1 };
        _disk.Committed(undo);
        Applied[] all = [.. results.SelectMany(r => r)];
        _process.World.Note($"commit {_process.Name} {all.Length}");
        _observer(new Committed(_disk.State.Commits, all));
        return () =>
        {
            for (var i = 0; i < jobs.Length; i++) jobs[i].Done.TrySetResult(results[i]);
        };
    }

    private List<Applied> Apply(Job job, CommitUndo undo)
    {
        if (job.Meta is var (name, value))
        {
            undo.Meta = (name, _disk.Meta.GetValueOrDefault(name));
            _disk.Meta[name] = value;
        }
        return job.Mutations.Select(m => Apply(m, undo)).ToList();
    }

    private Applied Apply(Mutation mutation, CommitUndo undo)
    {
        var before = Read(mutation.Key);
        if (!_disk.Mutation.HasFlag(StorageMutation.ReusesStoreId) && before.IsBehind(mutation.Seen, _disk.State.Store, _disk.State.Sequence)) TakeNewId();
        var applied = mutation.Apply(before, _minting);
        if (_disk.Mutation.HasFlag(StorageMutation.MergeOverwrites) && mutation is MergeIn merge)
            applied = applied with { After = before with { Versions = new VersionSet(applied.After.Versions.Clock, merge.Set.Siblings) } };
        if (!applied.IsChange) return applied;
        undo.Records.Add((mutation.Key, before));
        if (mutation is DropIf && mutation.Key.HintFor is null && before.Versions.IsDeleted) Reaps++;
        if (applied.After.Versions.IsEmpty) _disk.Records.Remove(mutation.Key);
        else _disk.Records[mutation.Key] = applied.After;
        return applied;
    }

    private StoreId NewId() => new((ulong)_process.World.Random.NextInt64(1, long.MaxValue));

    private MintingStore Minting() => new(_disk.State.Store, NextSequence);

    private long NextSequence()
    {
        _disk.State = _disk.State with { Sequence = _disk.State.Sequence + 1 };
        return _disk.State.Sequence;
    }

    // Before anything else is minted: dots that others have seen must not be minted again.
    private void TakeNewId()
    {
        _disk.State = _disk.State with { Store = NewId() };
        _minting = Minting();
        _process.World.Note($"new id {_process.Name}");
    }

    private StoredRecord[] Ordered(NodeId? hintFor, StorageKey? after, int max, Func<Token, bool> isWanted) =>
        [.. _disk.Records
            .Where(r => r.Key.HintFor == hintFor && isWanted(r.Key.Key.Token) && (after is null || StorageKey.Compare(r.Key.Key, after.Value) > 0))
            .OrderBy(r => r.Key.Key, Comparer<StorageKey>.Create(StorageKey.Compare))
            .Take(max)
            .Select(r => new StoredRecord(r.Key.Key, r.Value))];

    private sealed record Job(IReadOnlyList<Mutation> Mutations)
    {
        public TaskCompletionSource<IReadOnlyList<Applied>> Done { get; } = new();

        public (string Name, byte[] Value)? Meta { get; init; }

        public Action? Read { get; init; }
    }
}
