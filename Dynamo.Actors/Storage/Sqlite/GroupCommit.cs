using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Actors.Storage.Sqlite;

/// <summary>
/// The store's one writer: a thread that takes all that waits, up to a bound, as one transaction, commits it, and then completes the callers. No timer:
/// a batch forms while the previous one syncs. Checkpoints happen on this connection and no other (a WAL can be damaged otherwise).
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int MostMutations = 4096;
    private readonly Connection _connection;
    private readonly Tables _tables;
    private readonly Queue<Job> _jobs = [];
    private readonly ByteWriter _scratch = new();
    private readonly Thread _thread;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly MintingStore _minting;
    private StoreCounters _counters;
    private StoreCounters _published;
    private Action<Committed> _observer = _ => { };
    private bool _isClosing;

    public GroupCommit(Connection connection, Tables tables, StoreId store)
    {
        _connection = connection;
        _tables = tables;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _counters = StoreCounters.Read(tables);
        Publish();
        _minting = new MintingStore(store, () => ++_counters.Sequence);
        _thread = new Thread(Work) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>As of the last commit.</summary>
    public StoreFigures Figures
    {
        get
        {
            lock (_jobs) return _published.Figures;
        }
    }

    public long LastCommit
    {
        get
        {
            lock (_jobs) return _published.Commits;
        }
    }

    public void Watch(Action<Committed> observer)
    {
        lock (_jobs) _observer = observer;
    }

    /// <summary>Runs on the writer, between two transactions.</summary>
    public void InOrder(Action<Tables> read) => Enqueue(new Job([], null, read));

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations) => Enqueue(new Job(mutations, null, null)).Task;

    public Task SetMetaAsync(string name, byte[] value) => Enqueue(new Job([], (name, value), null)).Task;

    /// <summary>Finishes what waits.</summary>
    public void Dispose()
    {
        lock (_jobs)
        {
            _isClosing = true;
            Monitor.Pulse(_jobs);
        }
        _thread.Join();
    }

    private Job Enqueue(Job job)
    {
        lock (_jobs)
        {
            if (_isClosing)
            {
                job.Fail(new StoreException("the store is closed"));
                return job;
            }
            _jobs.Enqueue(job);
            Monitor.Pulse(_jobs);
        }
        return job;
    }

    private void Work()
    {
        var taken = new List<Job>();
        while (Take(taken))
        {
            if (taken[0].Read is { } read) ReadInOrder(taken[0], read);
            else Commit(taken);
            taken.Clear();
        }
    }

    private bool Take(List<Job> taken)
    {
        lock (_jobs)
        {
            while (_jobs.Count == 0)
            {
                if (_isClosing) return false;
                Monitor.Wait(_jobs);
            }
            for (var mutations = 0; _jobs.Count > 0 && mutations < MostMutations;)
            {
                if (_jobs.Peek().StandsAlone && taken.Count > 0) break;
                var job = _jobs.Dequeue();
                mutations += job.Mutations.Count;
                taken.Add(job);
                if (job.StandsAlone) break;
            }
            return true;
        }
    }

    private void ReadInOrder(Job job, Action<Tables> read)
    {
        try
        {
            read(_tables);
            job.Complete();
        }
        catch (StoreException e)
        {
            job.Fail(e);
        }
    }

    private void Commit(List<Job> jobs)
    {
        var before = _counters;
        try
        {
            _begin.Run();
            foreach (var job in jobs) Apply(job);
            _counters.Commits++;
            _counters.Save(_tables, _scratch);
            _commit.Run();
        }
        catch (Exception e)
        {
            _counters = before;
            Rollback();
            foreach (var job in jobs) job.Fail(e);
            return;
        }
        Publish();
        _observer(new Committed(_counters.Commits, jobs.Count == 1 ? jobs[0].Applied : [.. jobs.SelectMany(j => j.Applied)]));
        foreach (var job in jobs) job.Complete();
    }

    private void Publish()
    {
        lock (_jobs) _published = _counters;
    }

    private void Rollback()
    {
        try
        {
            if (_connection.IsInTransaction) _connection.Execute("ROLLBACK");
        }
        catch (StoreException)
        {
            // SQLite rolls back by itself on the errors after which it cannot be asked to.
        }
    }

    private void Apply(Job job)
    {
        if (job.Meta is var (name, value)) _tables.PutMeta(name, value);
        for (var i = 0; i < job.Mutations.Count; i++)
        {
            var mutation = job.Mutations[i];
            var (current, bytesBefore) = _tables.Get(mutation.Key);
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
    }

    private sealed class Job(IReadOnlyList<Mutation> mutations, (string Name, byte[] Value)? meta, Action<Tables>? read)
    {
        // Continuations run on the writer: they are actors' PipeTo, which only enqueues.
        private readonly TaskCompletionSource<IReadOnlyList<Applied>> _done = new();

        public IReadOnlyList<Mutation> Mutations { get; } = mutations;

        public (string Name, byte[] Value)? Meta { get; } = meta;

        public Action<Tables>? Read { get; } = read;

        // A read in order comes between two transactions, and a named value (saved trees) says which transaction it follows.
        public bool StandsAlone => Read is not null || Meta is not null;

        public Applied[] Applied { get; } = new Applied[mutations.Count];

        public Task<IReadOnlyList<Applied>> Task => _done.Task;

        public void Complete() => _done.TrySetResult(Applied);

        public void Fail(Exception e) => _done.TrySetException(e);
    }
}
