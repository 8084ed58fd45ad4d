using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Storage.Sqlite;

/// <summary>
/// The store's tables, through one connection. A key's row is found by its token alone, so that a partition is a range of the table;
/// of two keys with one token the second lives in kvx.
/// </summary>
internal sealed class Tables(Connection connection)
{
    public const string Schema = """
        CREATE TABLE kv (t INTEGER PRIMARY KEY, k BLOB NOT NULL, v BLOB NOT NULL);
        CREATE TABLE kvx (t INTEGER, k BLOB, v BLOB NOT NULL, PRIMARY KEY (t, k)) WITHOUT ROWID;
        CREATE TABLE hint (o TEXT, t INTEGER, k BLOB, v BLOB NOT NULL, PRIMARY KEY (o, t, k)) WITHOUT ROWID;
        CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        """;

    private readonly ByteWriter _encoded = new(4096);
    private readonly Statement _get = connection.Prepare("SELECT k, v FROM kv WHERE t = ?1");
    private readonly Statement _getCollided = connection.Prepare("SELECT v FROM kvx WHERE t = ?1 AND k = ?2");
    private readonly Statement _getHint = connection.Prepare("SELECT v FROM hint WHERE o = ?1 AND t = ?2 AND k = ?3");
    private readonly Statement _put = connection.Prepare("INSERT INTO kv VALUES (?1, ?2, ?3) ON CONFLICT (t) DO UPDATE SET v = excluded.v WHERE k = excluded.k");
    private readonly Statement _putCollided = connection.Prepare("INSERT OR REPLACE INTO kvx VALUES (?1, ?2, ?3)");
    private readonly Statement _putHint = connection.Prepare("INSERT OR REPLACE INTO hint VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _delete = connection.Prepare("DELETE FROM kv WHERE t = ?1 AND k = ?2");
    private readonly Statement _deleteCollided = connection.Prepare("DELETE FROM kvx WHERE t = ?1 AND k = ?2");
    private readonly Statement _deleteHint = connection.Prepare("DELETE FROM hint WHERE o = ?1 AND t = ?2 AND k = ?3");
    private readonly Statement _scan = connection.Prepare("SELECT t, k, v FROM kv WHERE t >= ?1 AND t <= ?2 ORDER BY t");
    private readonly Statement _scanCollided = connection.Prepare("SELECT t, k, v FROM kvx WHERE (t, k) > (?1, ?2) AND t <= ?3 ORDER BY t, k");
    private readonly Statement _scanHints = connection.Prepare("SELECT t, k, v FROM hint WHERE o = ?1 AND (t, k) > (?2, ?3) ORDER BY t, k");
    private readonly Statement _getMeta = connection.Prepare("SELECT value FROM meta WHERE name = ?1");
    private readonly Statement _putMeta = connection.Prepare("INSERT OR REPLACE INTO meta VALUES (?1, ?2)");

    /// <summary>Reads both ends of each table, so that gross damage shows before the store is used.</summary>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public static void Probe(Connection connection)
    {
        foreach (var (table, key) in new[] { ("kv", "t"), ("kvx", "t, k"), ("hint", "o, t, k"), ("meta", "name") })
        {
            connection.Execute($"SELECT * FROM {table} ORDER BY {key} LIMIT 1");
            connection.Execute($"SELECT * FROM {table} ORDER BY {key.Replace(",", " DESC,")} DESC LIMIT 1");
        }
    }

    /// <summary>The record, and the bytes that it and its key take; <see cref="Record.None"/> and 0 when there is none.</summary>
    public (Record Record, int Bytes) Get(RecordKey key)
    {
        var (t, k) = (RowOf(key.Key.Token), key.Key.Encoded);
        if (key.HintFor is { } owner) return First(_getHint.Bind(1, owner.Name).Bind(2, t).Bind(3, k), key.Key);
        _get.Bind(1, t);
        try
        {
            if (!_get.Step()) return First(_getCollided.Bind(1, t).Bind(2, k), key.Key);
            if (_get.Blob(0).SequenceEqual(k)) return Decode(_get.Blob(1), key.Key);
        }
        finally
        {
            _get.Reset();
        }
        return First(_getCollided.Bind(1, t).Bind(2, k), key.Key);
    }

    /// <returns>The bytes that the record and its key take.</returns>
    public int Put(RecordKey key, Record record)
    {
        _encoded.Clear();
        VersionCodec.Write(_encoded, record);
        var (t, k) = (RowOf(key.Key.Token), key.Key.Encoded);
        if (key.HintFor is { } owner) _putHint.Bind(1, owner.Name).Bind(2, t).Bind(3, k).Bind(4, _encoded.Written).Run();
        else if (IsCollided(t, k)) _putCollided.Bind(1, t).Bind(2, k).Bind(3, _encoded.Written).Run();
        else
        {
            _put.Bind(1, t).Bind(2, k).Bind(3, _encoded.Written).Run();
            if (connection.Changes == 0) _putCollided.Bind(1, t).Bind(2, k).Bind(3, _encoded.Written).Run();
        }
        return _encoded.Length + k.Length;
    }

    public void Delete(RecordKey key)
    {
        var (t, k) = (RowOf(key.Key.Token), key.Key.Encoded);
        if (key.HintFor is { } owner)
        {
            _deleteHint.Bind(1, owner.Name).Bind(2, t).Bind(3, k).Run();
            return;
        }
        _delete.Bind(1, t).Bind(2, k).Run();
        if (connection.Changes == 0) _deleteCollided.Bind(1, t).Bind(2, k).Run();
    }

    /// <summary>A page of records by token, then key, from first to last token, after a key. Rows beyond the page are not read.</summary>
    public IReadOnlyList<StoredRecord> Scan(Token first, Token last, StorageKey? after, int max)
    {
        var (fromRow, fromKey) = after is { } key && key.Token.CompareTo(first) >= 0 ? (RowOf(key.Token), key.Encoded) : (RowOf(first), []);
        var own = new Rows(_scan.Bind(1, fromRow).Bind(2, RowOf(last)), after);
        var collided = new Rows(_scanCollided.Bind(1, fromRow).Bind(2, fromKey).Bind(3, RowOf(last)), after);
        return Page(own, collided, max);
    }

    public IReadOnlyList<StoredRecord> ScanHints(NodeId owner, StorageKey? after, int max)
    {
        var (fromRow, fromKey) = after is { } key ? (RowOf(key.Token), key.Encoded) : (long.MinValue, []);
        return Page(new Rows(_scanHints.Bind(1, owner.Name).Bind(2, fromRow).Bind(3, fromKey), after), null, max);
    }

    /// <summary>Walks the whole table: only for opening a store.</summary>
    public static ImmutableSortedDictionary<NodeId, long> CountHints(Connection connection)
    {
        var hints = connection.Prepare("SELECT o, count(*) FROM hint GROUP BY o");
        var counts = ImmutableSortedDictionary.CreateBuilder<NodeId, long>();
        try
        {
            while (hints.Step()) counts[new NodeId(hints.Text(0))] = hints.Number(1);
        }
        finally
        {
            hints.Reset();
        }
        return counts.ToImmutable();
    }

    public byte[]? GetMeta(string name)
    {
        _getMeta.Bind(1, name);
        var value = _getMeta.Step() ? _getMeta.Blob(0).ToArray() : null;
        _getMeta.Reset();
        return value;
    }

    public void PutMeta(string name, ReadOnlySpan<byte> value) => _putMeta.Bind(1, name).Bind(2, value).Run();

    // SQLite's integers are signed: with the top bit flipped, they sort like tokens.
    private static long RowOf(Token token) => (long)(token.Value ^ 0x8000_0000_0000_0000UL);

    private static Token TokenOf(long row) => new((ulong)row ^ 0x8000_0000_0000_0000UL);

    private bool IsCollided(long t, byte[] k)
    {
        _getCollided.Bind(1, t).Bind(2, k);
        var isThere = _getCollided.Step();
        _getCollided.Reset();
        return isThere;
    }

    private (Record Record, int Bytes) First(Statement statement, StorageKey key)
    {
        try
        {
            return statement.Step() ? Decode(statement.Blob(0), key) : (Record.None, 0);
        }
        finally
        {
            statement.Reset();
        }
    }

    private (Record Record, int Bytes) Decode(ReadOnlySpan<byte> blob, StorageKey key)
    {
        try
        {
            var reader = new ByteReader(blob.ToArray());
            return (VersionCodec.ReadRecord(ref reader), blob.Length + key.Encoded.Length);
        }
        catch (MalformedBytesException e)
        {
            throw new StoreException(connection.Damaged($"the record of the key 0x{Convert.ToHexStringLower(key.Encoded)}: {e.Message}"), e) { Damaged = key };
        }
    }

    // Merges the rows of both in order.
    private List<StoredRecord> Page(Rows rows, Rows? others, int max)
    {
        var page = new List<StoredRecord>();
        var room = PageRoom.For(max);
        try
        {
            rows.Step();
            others?.Step();
            while (Lesser(rows, others) is { } next)
            {
                var (record, bytes) = Decode(next.Value, next.Key!.Value);
                if (!room.TryTake(bytes)) break;
                page.Add(new StoredRecord(next.Key.Value, record));
                if (room.IsFull) break;
                next.Step();
            }
        }
        catch (StoreException e) when (e.Damaged is not null && page.Count > 0)
        {
            // The records before the damaged one are returned; the next page begins with it.
        }
        finally
        {
            rows.Reset();
            others?.Reset();
        }
        return page;
    }

    private static Rows? Lesser(Rows rows, Rows? others)
    {
        if (others?.Key is not { } other) return rows.Key is null ? null : rows;
        return rows.Key is { } key && StorageKey.Compare(key, other) < 0 ? rows : others;
    }

    /// <summary>The rows (t, k, v) of a bound statement that come after a key.</summary>
    private sealed class Rows(Statement statement, StorageKey? after)
    {
        /// <summary>The key of the current row; null: there are no more.</summary>
        public StorageKey? Key { get; private set; }

        /// <summary>Valid until the next step or reset.</summary>
        public ReadOnlySpan<byte> Value => statement.Blob(2);

        public void Step()
        {
            Key = null;
            while (statement.Step())
            {
                var key = StorageKey.FromEncoded(statement.Blob(1), TokenOf(statement.Number(0)));
                // The row of the key to go on after may come up again.
                if (after is { } last && StorageKey.Compare(key, last) <= 0) continue;
                Key = key;
                return;
            }
        }

        public void Reset() => statement.Reset();
    }
}
