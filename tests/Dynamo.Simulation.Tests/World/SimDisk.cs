using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Rules of storage broken on purpose, to show that the checks see it (docs/testing.md).</summary>
[Flags]
public enum StorageMutation
{
    None = 0,

    /// <summary>A write is acknowledged before it is committed; a crash between the two loses it.</summary>
    AckBeforeCommit = 1,

    /// <summary>A merge takes the incoming set for the whole: what the replica alone had is gone.</summary>
    MergeOverwrites = 2,

    /// <summary>A store that lost its tail goes on under its old id and mints dots again that others have seen.</summary>
    ReusesStoreId = 4,
}

/// <summary>What survives a process: the committed records, and how many of the last commits are not synced.</summary>
public sealed class SimDisk(Random random)
{
    private readonly List<List<(RecordKey Key, Record Before)>> _unsynced = [];

    public Dictionary<RecordKey, Record> Records { get; } = [];

    public Dictionary<string, byte[]> Meta { get; } = [];

    public StoreId Store { get; set; }

    public long Sequence { get; set; }

    public long Commits { get; set; }

    public bool MayLoseTail { get; set; }

    public StorageMutation Mutation { get; set; }

    public void Commit(List<(RecordKey, Record)> undo, bool synced)
    {
        Commits++;
        if (synced) _unsynced.Clear();
        else _unsynced.Add(undo);
    }

    /// <summary>The machine crashes: some of the tail that was not synced is lost.</summary>
    public void LoseTail()
    {
        for (var lost = random.Next(_unsynced.Count + 1); lost > 0; lost--)
        {
            for (var i = _unsynced[^1].Count - 1; i >= 0; i--)
            {
                var (key, before) = _unsynced[^1][i];
                if (before.Versions.IsEmpty) Records.Remove(key);
                else Records[key] = before;
            }
            _unsynced.RemoveAt(_unsynced.Count - 1);
            Sequence = Math.Max(0, Sequence - 1);
        }
        _unsynced.Clear();
    }

    public void Wipe()
    {
        Records.Clear();
        Meta.Clear();
        _unsynced.Clear();
        (Store, Sequence, Commits, MayLoseTail) = (default, 0, 0, false);
    }
}

/// <summary>The storage engine of a simulated node: group commit that takes virtual time, on a disk that outlives it.</summary>
public sealed class SimEngine : IStorageEngine
{
    private readonly SimProcess _process;
    private readonly SimDisk _disk;
    private readonly List<Job> _waiting = [];
    private readonly MintingStore _minting;
    private Action<Committed> _observer = _ => { };
    private bool _isCommitting;

    public SimEngine(SimProcess process, SimDisk disk, bool syncsCommits)
    {
        _process = process;
        _disk = disk;
        IsSynced = syncsCommits;
        var isNew = disk.Store == default || (disk.MayLoseTail && !disk.Mutation.HasFlag(StorageMutation.ReusesStoreId));
        if (isNew) disk.Store = new StoreId((ulong)process.World.Random.NextInt64(1, long.MaxValue));
        disk.MayLoseTail = !syncsCommits;
        _minting = new MintingStore(disk.Store, () => ++disk.Sequence);
    }

    public string Name => "simulated";

    public StoreId Store => _disk.Store;

    public bool IsSynced { get; }

    public long LastCommit => _disk.Commits;

    public StoreFigures Figures => new(_disk.Records.Keys.Count(k => k.HintFor is null), 0, _disk.Records.Keys.Count(k => k.HintFor is not null), 0);

    public void Watch(Action<Committed> observer) => _observer = observer;

    public Task ScanInOrder(Token first, Token last, StorageKey? after, int most, Action<IReadOnlyList<StoredRecord>> handOver)
    {
        handOver(Scan(first, last, after, most));
        return Task.CompletedTask;
    }

    public Record Read(RecordKey key) => _disk.Records.GetValueOrDefault(key, Record.None);

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations)
    {
        var job = new Job(mutations, new TaskCompletionSource<IReadOnlyList<Applied>>());
        _waiting.Add(job);
        if (_disk.Mutation.HasFlag(StorageMutation.AckBeforeCommit))
            _process.World.At(TimeSpan.Zero, _process, () => job.Done.TrySetResult(mutations.Select(m => m.Apply(Read(m.Key), _minting)).ToList()));
        if (!_isCommitting) CommitSoon();
        return job.Done.Task;
    }

    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int most) =>
        Ordered(null, after, most, t => t.CompareTo(first) >= 0 && t.CompareTo(last) <= 0);

    public IReadOnlyList<HintCount> HintCounts() =>
        [.. _disk.Records.Keys.Where(k => k.HintFor is not null).CountBy(k => k.HintFor!.Value).Select(c => new HintCount(c.Key, c.Value)).OrderBy(c => c.Owner)];

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int most) => Ordered(owner, after, most, _ => true);

    public byte[]? GetMeta(string name) => _disk.Meta.GetValueOrDefault(name);

    public Task SetMetaAsync(string name, byte[] value)
    {
        _disk.Meta[name] = value;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    private void CommitSoon()
    {
        _isCommitting = true;
        var taken = _waiting.ToArray();
        _waiting.Clear();
        var time = TimeSpan.FromMicroseconds(IsSynced ? _process.World.Random.Next(100, 2000) : 20);
        _process.World.At(time, _process, () => Commit(taken));
    }

    private void Commit(Job[] jobs)
    {
        var undo = new List<(RecordKey, Record)>();
        var all = new List<Applied>();
        var results = jobs.Select(j => j.Mutations.Select(m => Apply(m, undo)).ToList()).ToArray();
        foreach (var result in results) all.AddRange(result);
        _disk.Commit(undo, IsSynced);
        _process.World.Note($"commit {_process.Name} {all.Count}");
        _observer(new Committed(_disk.Commits, all));
        _isCommitting = false;
        if (_waiting.Count > 0) CommitSoon();
        for (var i = 0; i < jobs.Length; i++) jobs[i].Done.TrySetResult(results[i]);
    }

    private Applied Apply(Mutation mutation, List<(RecordKey, Record)> undo)
    {
        var before = Read(mutation.Key);
        var applied = mutation.Apply(before, _minting);
        if (_disk.Mutation.HasFlag(StorageMutation.MergeOverwrites) && mutation is MergeIn merge)
            applied = applied with { After = before with { Versions = new VersionSet(applied.After.Versions.Clock, merge.Set.Siblings) } };
        if (!applied.IsChange) return applied;
        undo.Add((mutation.Key, before));
        if (applied.After.Versions.IsEmpty) _disk.Records.Remove(mutation.Key);
        else _disk.Records[mutation.Key] = applied.After;
        return applied;
    }

    private StoredRecord[] Ordered(NodeId? hintFor, StorageKey? after, int most, Func<Token, bool> isWanted) =>
        [.. _disk.Records
            .Where(r => r.Key.HintFor == hintFor && isWanted(r.Key.Key.Token) && (after is null || StorageKey.Compare(r.Key.Key, after.Value) > 0))
            .OrderBy(r => r.Key.Key, Comparer<StorageKey>.Create(StorageKey.Compare))
            .Take(most)
            .Select(r => new StoredRecord(r.Key.Key, r.Value))];

    private sealed record Job(IReadOnlyList<Mutation> Mutations, TaskCompletionSource<IReadOnlyList<Applied>> Done);
}
