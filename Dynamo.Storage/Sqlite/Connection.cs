using Dynamo.Core.Storage;
using SQLitePCL;

namespace Dynamo.Storage.Sqlite;

/// <summary>One raw SQLite connection; used by one thread at a time. Errors become <see cref="StoreException"/>s that name the file.</summary>
internal sealed class Connection : IDisposable
{
    private readonly string _file;
    private readonly List<Statement> _statements = [];

    private Connection(string file, sqlite3 handle)
    {
        _file = file;
        Handle = handle;
    }

    public sqlite3 Handle { get; }

    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public static Connection Open(string file, bool mayCreate)
    {
        Batteries_V2.Init();
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (mayCreate ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(file, out var handle, flags, null);
        var connection = new Connection(file, handle);
        try
        {
            connection.Check(code);
            raw.sqlite3_busy_timeout(handle, 5000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="StoreException">The file is read-only; SQLite opens it all the same.</exception>
    public void CheckWritable()
    {
        if (raw.sqlite3_db_readonly(Handle, "main") == 1) throw new StoreException($"the store {_file} cannot be written: it is read-only. It was left as it is");
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        var prepared = new Statement(this, statement);
        _statements.Add(prepared);
        return prepared;
    }

    public int Changes => raw.sqlite3_changes(Handle);

    /// <summary>The last failure was for lack of space: a full disk, a quota, a file size limit.</summary>
    public bool IsOutOfRoom { get; private set; }

    public bool IsInTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <exception cref="StoreException">The code is an error.</exception>
    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        var message = raw.sqlite3_errmsg(Handle).utf8_to_string();
        // SQLite reports a full disk only for ENOSPC; a quota or a limit shows as a failed write.
        var isWriteError = raw.sqlite3_extended_errcode(Handle) is raw.SQLITE_IOERR_WRITE or raw.SQLITE_IOERR_SHMSIZE;
        IsOutOfRoom = isWriteError || (code & 0xff) == raw.SQLITE_FULL;
        throw new StoreException((code & 0xff) switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged(message),
            raw.SQLITE_FULL => $"the disk of the store {_file} is full ({message})",
            _ when isWriteError => $"the store {_file} cannot be written ({message}): is its disk, a quota, or a limit of file sizes full?",
            raw.SQLITE_READONLY or raw.SQLITE_PERM => $"the store {_file} cannot be written ({message})",
            raw.SQLITE_CANTOPEN => $"the store {_file} cannot be opened ({message}): does its folder exist, and may this user write there?",
            _ => $"the store {_file} failed: {message} (SQLite error {code})",
        })
        {
            // A damaged page harms only the records on it.
            IsOfDisk = (code & 0xff) != raw.SQLITE_CORRUPT,
        };
    }

    /// <summary>The message for a damaged file.</summary>
    public string Damaged(string what) =>
        $"the store {_file} is damaged ({what}). It was left as it is: restore it, or move it away and let the node's peers fill a new one";

    public void Dispose()
    {
        // A statement left open would keep the write-ahead log behind after the close.
        foreach (var statement in _statements) statement.Dispose();
        raw.sqlite3_close_v2(Handle);
    }
}

/// <summary>A prepared statement: bind, step, read, and always reset.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int place, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, place, value));
        return this;
    }

    public Statement Bind(int place, ReadOnlySpan<byte> value)
    {
        connection.Check(raw.sqlite3_bind_blob(handle, place, value));
        return this;
    }

    public Statement Bind(int place, string value)
    {
        connection.Check(raw.sqlite3_bind_text(handle, place, value));
        return this;
    }

    /// <returns>True when there is a row; after the last one the statement is reset.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        raw.sqlite3_reset(handle);
        connection.Check(code);
        return false;
    }

    /// <summary>For a statement that returns no rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    public void Reset() => raw.sqlite3_reset(handle);

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => raw.sqlite3_finalize(handle);
}
