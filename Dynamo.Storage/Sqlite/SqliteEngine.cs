using System.Collections.Concurrent;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Storage.Sqlite;

/// <summary>
/// The durable engine: one SQLite file in WAL mode with one writer (<see cref="GroupCommit"/>) and one reader connection for each concurrent read.
/// Its folder is locked while the store is open.
/// </summary>
public sealed class SqliteEngine : IStorageEngine
{
    private const string FileName = "store.db";
    private const string CopyMark = "is-a-copy";
    private readonly string _file;
    private readonly FileStream _lock;
    private readonly Connection _writer;
    private readonly Tables _writerTables;
    private readonly GroupCommit _commits;
    private readonly ConcurrentBag<Reader> _readers = [];
    private bool _isDisposed;

    private SqliteEngine(string file, FileStream folderLock, Connection writer, Tables tables, StoreMeta meta, Func<StoreId> newId, SqliteSettings settings)
    {
        _file = file;
        _lock = folderLock;
        _writer = writer;
        _writerTables = tables;
        IsSynced = settings.SyncsCommits;
        _commits = new GroupCommit(writer, tables, meta, newId, settings);
    }

    public string Name => "sqlite";

    public StoreId Store => _commits.Store;

    public bool IsSynced { get; }

    public StoreFigures Figures => _commits.Figures;

    /// <param name="cluster">With <paramref name="node"/>: the owner of the store. Another owner's store is refused.</param>
    /// <param name="newId">
    /// Makes the id of a store that is new, or that has or may have lost its tail: it was not closed cleanly and its commits were not synced, it is
    /// marked as a copy, or it meets dots of its own that it does not know (docs/decisions/0010-copies-of-a-store.md).
    /// </param>
    /// <exception cref="StoreException">The store is damaged, newer than the program, another node's, in use, or cannot be written.</exception>
    public static SqliteEngine Open(SqliteSettings settings, string cluster, NodeId node, Func<StoreId> newId)
    {
        var folder = settings.DataDir;
        var file = Path.Combine(folder, FileName);
        var folderLock = Lock(folder);
        Connection? writer = null;
        try
        {
            writer = Connection.Open(file, mayCreate: true);
            writer.CheckWritable();
            if (IsEmpty(writer)) Create(writer);
            Configure(writer, settings.SyncsCommits);
            Tables.Probe(writer);
            var tables = new Tables(writer);
            var mark = Path.Combine(folder, CopyMark);
            var meta = Identify(tables, file, cluster, node.Name, isCopy: File.Exists(mark), newId) with { MayLoseTail = !settings.SyncsCommits };
            // Written only when changed: a node whose disk is full can start, and serve what it has.
            if (meta != StoreMeta.Read(tables)) meta.Save(tables);
            File.Delete(mark);
            return new SqliteEngine(file, folderLock, writer, tables, meta, newId, settings);
        }
        catch (Exception e)
        {
            var damage = e is MalformedBytesException ? new StoreException(writer!.Damaged(e.Message), e) : null;
            writer?.Dispose();
            folderLock.Dispose();
            if (damage is not null) throw damage;
            throw;
        }
    }

    public long LastCommit => _commits.LastCommit;

    public void Watch(Action<Committed> observer) => _commits.Watch(observer);

    public Task ScanInOrder(Token first, Token last, StorageKey? after, int max, Action<IReadOnlyList<StoredRecord>> handOver) =>
        _commits.InOrder(tables => handOver(tables.Scan(first, last, after, max)));

    public Record Read(RecordKey key) => Reading(tables => tables.Get(key).Record);

    public Task<IReadOnlyList<Applied>> WriteAsync(IReadOnlyList<Mutation> mutations) => _commits.WriteAsync(mutations);

    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int max) => Reading(tables => tables.Scan(first, last, after, max));

    public IReadOnlyList<HintCount> HintCounts() => _commits.HintCounts;

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int max) => Reading(tables => tables.ScanHints(owner, after, max));

    public byte[]? GetMeta(string name) => Reading(tables => tables.GetMeta(name));

    public Task SetMetaAsync(string name, byte[] value) => _commits.SetMetaAsync(name, value);

    /// <summary>For tests of a full disk: sets one of SQLite's limits on the writer.</summary>
    internal Task LimitAsync(string pragma) => _commits.InOrder(_ => _writer.Execute(pragma));

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _commits.Dispose();
        while (_readers.TryTake(out var reader)) reader.Connection.Dispose();
        try
        {
            if (!IsSynced) (_commits.Meta with { MayLoseTail = false }).Save(_writerTables);
            _writer.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (StoreException)
        {
            // A full disk, say. Nothing is lost: the next start recovers the log, and a store that could not be marked takes a new id.
        }
        _writer.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException($"the folder {folder} cannot be written (dynamo.storage.data-dir)", e);
        }
        catch (IOException e)
        {
            throw new StoreException($"the folder {folder} cannot be used (dynamo.storage.data-dir): {e.Message}", e);
        }
    }

    // A new store, or one whose creation was cut short before it had tables.
    private static bool IsEmpty(Connection writer)
    {
        var tables = writer.Prepare("SELECT count(*) FROM sqlite_master");
        var isEmpty = tables.Step() && tables.Number(0) == 0;
        tables.Reset();
        return isEmpty;
    }

    private static void Create(Connection writer)
    {
        writer.Execute("PRAGMA page_size = 4096");
        writer.Execute("PRAGMA journal_mode = WAL");
        writer.Execute("BEGIN IMMEDIATE");
        writer.Execute(Tables.Schema);
        writer.Execute("COMMIT");
    }

    private static void Configure(Connection writer, bool syncsCommits)
    {
        writer.Execute("PRAGMA journal_mode = WAL");
        writer.Execute(syncsCommits ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        writer.Execute("PRAGMA wal_autocheckpoint = 4000");
        writer.Execute("PRAGMA cache_size = -262144");
    }

    private static StoreMeta Identify(Tables tables, string file, string cluster, string node, bool isCopy, Func<StoreId> newId)
    {
        if (StoreMeta.Read(tables) is not { } meta) return new StoreMeta(StoreMeta.CurrentForm, cluster, node, newId(), false);
        meta.CheckUse(file, cluster, node);
        // A store with unsynced commits that was not closed cleanly, or a copy: the tail may be lost, and with it dots that others have seen.
        // They must not be minted again.
        return meta.MayLoseTail || isCopy ? meta with { Store = newId() } : meta;
    }

    private T Reading<T>(Func<Tables, T> read)
    {
        if (!_readers.TryTake(out var reader)) reader = Reader.Open(_file);
        try
        {
            return read(reader.Tables);
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    private sealed record Reader(Connection Connection, Tables Tables)
    {
        public static Reader Open(string file)
        {
            var connection = Connection.Open(file, mayCreate: false);
            connection.Execute("PRAGMA cache_size = -8192");
            connection.Execute("PRAGMA mmap_size = 2147418112");
            connection.Execute("PRAGMA wal_autocheckpoint = 0");
            return new Reader(connection, new Tables(connection));
        }
    }
}
