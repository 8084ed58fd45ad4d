using Dynamo.Core.Storage;

namespace Dynamo.Storage.Sqlite;

/// <summary>
/// The jobs that wait for the store's writer, in order. Writes are limited in number and bytes: a stalled disk must not fill the memory with those that nobody
/// waits for any more.
/// </summary>
internal sealed class CommitQueue(SqliteSettings settings)
{
    private readonly Queue<CommitJob> _jobs = [];
    private bool _isClosing;
    private int _queuedWrites;
    private long _queuedBytes;

    /// <summary>Queues a job, or fails it at once.</summary>
    public CommitJob Add(CommitJob job)
    {
        lock (_jobs)
        {
            if (_isClosing)
            {
                job.Fail(new StoreException("the store is closed"));
                return job;
            }
            if (Overflow(job) is { } refusal)
            {
                job.Fail(refusal);
                return job;
            }
            _jobs.Enqueue(job);
            _queuedWrites += job.Mutations.Count;
            _queuedBytes += job.Bytes;
            Monitor.Pulse(_jobs);
        }
        return job;
    }

    /// <summary>Waits for jobs and takes those of one transaction, as many as its bounds allow.</summary>
    /// <returns>False: the queue is closed, and empty.</returns>
    public bool Take(List<CommitJob> taken)
    {
        lock (_jobs)
        {
            while (_jobs.Count == 0)
            {
                if (_isClosing) return false;
                Monitor.Wait(_jobs);
            }
            var (writes, bytes) = (0, 0L);
            while (_jobs.Count > 0 && writes < settings.CommitWrites && bytes < settings.CommitBytes)
            {
                if (_jobs.Peek().StandsAlone && taken.Count > 0) break;
                var job = _jobs.Dequeue();
                writes += job.Mutations.Count;
                bytes += job.Bytes;
                taken.Add(job);
                if (job.StandsAlone) break;
            }
            _queuedWrites -= writes;
            _queuedBytes -= bytes;
            return true;
        }
    }

    /// <summary>Refuses jobs from now on; those that wait are still taken.</summary>
    public void Close()
    {
        lock (_jobs)
        {
            _isClosing = true;
            Monitor.Pulse(_jobs);
        }
    }

    // Reads in order and named values are few.
    private StoreException? Overflow(CommitJob job)
    {
        if (_queuedWrites == 0 || job.Mutations.Count == 0) return null;
        var (writes, bytes) = (_queuedWrites + job.Mutations.Count, _queuedBytes + job.Bytes);
        if (writes > settings.QueueWrites)
            return new StoreException($"{_queuedWrites} writes wait for the store's disk and {job.Mutations.Count} more came: {settings.QueueWrites} is the limit (dynamo.storage.queue-writes)");
        if (bytes > settings.QueueBytes)
            return new StoreException($"{_queuedBytes} bytes of writes wait for the store's disk and {job.Bytes} more came: {settings.QueueBytes} is the limit (dynamo.storage.queue-bytes)");
        return null;
    }
}
