using Microsoft.Win32.SafeHandles;

namespace Dynamo.Bench.Floor;

/// <summary>A file that one thread appends to. Records that arrive during a sync form the next batch (group commit without a timer).</summary>
internal sealed class CommitLog : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly Action<IReadOnlyList<Action>> _committed;
    private MemoryStream _records = new();
    private List<Action> _waiting = [];

    /// <param name="committed">Called on the log's thread with the callbacks of the batch that was just synced.</param>
    public CommitLog(Action<IReadOnlyList<Action>> committed)
    {
        _committed = committed;
        // Deleted at once, so that the file is gone when the process ends, however it ends.
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        File.Delete(path);
        new Thread(Run) { IsBackground = true, Name = "commit" }.Start();
    }

    public void Append(ReadOnlySpan<byte> records, Action whenSynced)
    {
        lock (_gate)
        {
            _records.Write(records);
            _waiting.Add(whenSynced);
        }
        _arrived.Set();
    }

    public void Dispose()
    {
        _arrived.Dispose();
        _file.Dispose();
    }

    private void Run()
    {
        var (records, waiting, end) = (new MemoryStream(), new List<Action>(), 0L);
        while (true)
        {
            _arrived.WaitOne();
            lock (_gate) (records, _records, waiting, _waiting) = (_records, records, _waiting, waiting);
            if (waiting.Count == 0) continue;
            RandomAccess.Write(_file, records.GetBuffer().AsSpan(0, (int)records.Length), end);
            RandomAccess.FlushToDisk(_file);
            end += records.Length;
            _committed(waiting);
            records.SetLength(0);
            waiting.Clear();
        }
    }
}
