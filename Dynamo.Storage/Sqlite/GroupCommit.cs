using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Storage.Sqlite;

/// <summary>
/// The store's only writer: a thread that takes all waiting jobs, up to a bound, as one transaction, commits it, and then completes the callers. No
/// timer: a batch forms while the previous one syncs. Checkpoints happen on this connection and no other (a WAL can be damaged otherwise).
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly Connection _connection;
    private readonly Tables _tables;
    private readonly CommitQueue _queue;
    private readonly Lock _published = new();
    private readonly ByteWriter _scratch = new();
    private readonly Thread _thread;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _savepoint;
    private readonly Statement _rollbackTo;
    private readonly Statement _release;
    private readonly Func<StoreId> _newId;
    private MintingStore _minting;
    private StoreMeta _meta;
    private StoreId _publishedStore;
    private StoreCounters _counters;
    private StoreCounters _publishedCounters;
    private ImmutableSortedDictionary<NodeId, long> _hints;
    private ImmutableSortedDictionary<NodeId, long> _publishedHints = ImmutableSortedDictionary<NodeId, long>.Empty;
    private Action<Committed> _observer = _ => { };

    /// <param name="newId">Makes the new id of a store that finds that it has lost its tail.</param>
    public GroupCommit(Connection connection, Tables tables, StoreMeta meta, Func<StoreId> newId, SqliteSettings settings)
    {
        _meta = meta;
        _newId = newId;
        _queue = new CommitQueue(settings);
        _connection = connection;
        _tables = tables;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _savepoint = connection.Prepare("SAVEPOINT job");
        _rollbackTo = connection.Prepare("ROLLBACK TO job");
        _release = connection.Prepare("RELEASE job");
        _counters = StoreCounters.Read(tables);
        _hints = Tables.CountHints(connection);
        _minting = Minting();
        Publish();
        _thread = new Thread(Work) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>As of the last commit, like the other properties.</summary>
    public StoreId Store
    {
        get
        {
            lock (_published) return _publishedStore;
        }
    }

    public StoreFigures Figures
    {
        get
        {
            lock (_published) return _publishedCounters.Figures;
        }
    }

    public IReadOnlyList<HintCount> HintCounts
    {
        get
        {
            lock (_published) return [.. _publishedHints.Select(h => new HintCount(h.Key, h.Value))];
        }
    }

    public long LastCommit
    {
        get
        {
            lock (_published) return _publishedCounters.Commits;
        }
    }

    public void Watch(Action<Committed> observer)
    {
        lock (_published) _observer = observer;
    }

    /// <summary>Read it only after <see cref="Dispose"/>, when nothing changes it any more.</summary>
    public StoreMeta Meta => _meta;

    /// <summary>Runs a read on the writer, between two transactions.</summary>
    public Task InOrder(Action<Tables> read) => _queue.Add(new CommitJob([], null, read)).Task;

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations) => _queue.Add(new CommitJob(mutations, null, null)).Task;

    public Task SetMetaAsync(string name, byte[] value) => _queue.Add(new CommitJob([], (name, value), null)).Task;

    /// <summary>Finishes all waiting jobs.</summary>
    public void Dispose()
    {
        _queue.Close();
        // A caller that was just completed continues on the writer's own thread, which cannot wait for itself.
        if (Thread.CurrentThread == _thread) Work();
        else _thread.Join();
    }

    private void Work()
    {
        var taken = new List<CommitJob>();
        while (_queue.Take(taken))
        {
            if (taken[0].Read is { } read) ReadInOrder(taken[0], read);
            else Commit(taken);
            taken.Clear();
        }
    }

    private void ReadInOrder(CommitJob job, Action<Tables> read)
    {
        try
        {
            read(_tables);
            job.Complete();
        }
        catch (Exception e)
        {
            job.Fail(e);
        }
    }

    private void Commit(List<CommitJob> jobs)
    {
        var failure = TryCommit(jobs);
        if (failure is StoreException && _connection.IsOutOfRoom && TryCheckpoint()) failure = TryCommit(jobs);
        // One job failed (on a damaged record, say), not the disk: the others must not fail with it.
        if (failure is not (null or StoreException { IsOfDisk: true }) && jobs.Count > 1) failure = TryCommit(jobs, apart: true);
        if (failure is not null)
        {
            foreach (var job in jobs) job.Fail(job.Failure ?? failure);
            return;
        }
        Publish();
        foreach (var job in jobs)
            if (job.Failure is not null) job.Fail(job.Failure);
        jobs.RemoveAll(j => j.Failure is not null);
        _observer(new Committed(_counters.Commits, jobs.Count == 1 ? jobs[0].Applied : [.. jobs.SelectMany(j => j.Applied)]));
        foreach (var job in jobs) job.Complete();
    }

    // Long before its usual checkpoint, the write-ahead log may hold space that a checkpoint, which overwrites existing pages, sets free.
    private bool TryCheckpoint()
    {
        try
        {
            _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private Exception? TryCommit(List<CommitJob> jobs, bool apart = false)
    {
        var before = (_counters, _meta, _hints);
        try
        {
            _begin.Run();
            foreach (var job in jobs)
            {
                if (apart) ApplyApart(job);
                else Apply(job);
            }
            _counters.Commits++;
            _counters.Save(_tables, _scratch);
            _commit.Run();
            return null;
        }
        catch (Exception e)
        {
            (_counters, _meta, _hints) = before;
            _minting = Minting();
            Rollback();
            return e;
        }
    }

    private void Publish()
    {
        lock (_published) (_publishedCounters, _publishedStore, _publishedHints) = (_counters, _meta.Store, _hints);
    }

    private MintingStore Minting() => new(_meta.Store, () => ++_counters.Sequence);

    // Runs before anything more is minted: dots that others have seen must not be minted again.
    private void TakeNewId()
    {
        _meta = _meta with { Store = _newId() };
        _meta.Save(_tables);
        _minting = Minting();
    }

    private void Rollback()
    {
        try
        {
            if (_connection.IsInTransaction) _connection.Execute("ROLLBACK");
        }
        catch (StoreException)
        {
            // After errors that rule out an explicit rollback, SQLite has rolled back by itself.
        }
    }

    // Each job is a transaction within the transaction, so that all that succeed share one sync. When the disk fails, all fail.
    private void ApplyApart(CommitJob job)
    {
        var before = (_counters, _meta, _hints);
        _savepoint.Run();
        try
        {
            Apply(job);
        }
        catch (Exception e) when (e is not StoreException { IsOfDisk: true })
        {
            job.Failure = e;
            (_counters, _meta, _hints) = before;
            _minting = Minting();
            _rollbackTo.Run();
        }
        _release.Run();
    }

    private void Apply(CommitJob job)
    {
        if (job.Meta is var (name, value)) _tables.PutMeta(name, value);
        for (var i = 0; i < job.Mutations.Count; i++)
        {
            var mutation = job.Mutations[i];
            var (current, bytesBefore) = _tables.Get(mutation.Key);
            if (current.IsBehind(mutation.Seen, _meta.Store, _counters.Sequence)) TakeNewId();
            var applied = job.Applied[i] = mutation.Apply(current, _minting);
            if (!applied.IsChange) continue;
            var bytesAfter = 0;
            if (applied.After.Versions.IsEmpty) _tables.Delete(mutation.Key);
            else bytesAfter = _tables.Put(mutation.Key, applied.After);
            Count(mutation.Key, (bytesAfter > 0 ? 1 : 0) - (bytesBefore > 0 ? 1 : 0), bytesAfter - bytesBefore);
        }
    }

    private void Count(RecordKey key, int records, int bytes)
    {
        var figures = _counters.Figures;
        _counters.Figures = key.HintFor is null
            ? figures with { Keys = figures.Keys + records, Bytes = figures.Bytes + bytes }
            : figures with { Hints = figures.Hints + records, HintBytes = figures.HintBytes + bytes };
        if (key.HintFor is not { } owner || records == 0) return;
        var hints = _hints.GetValueOrDefault(owner) + records;
        _hints = hints > 0 ? _hints.SetItem(owner, hints) : _hints.Remove(owner);
    }
}
