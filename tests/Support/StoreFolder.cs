using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Storage.Sqlite;

namespace Dynamo.Tests.Support;

/// <summary>A data folder that goes with its test, and stores opened on it.</summary>
public sealed class StoreFolder : IDisposable
{
    private readonly TempFolder _temp = new();

    public string Data => _temp.At("data");

    public string File => _temp.At("data", "store.db");

    /// <summary>As reference.conf has them.</summary>
    public static SqliteSettings Settings { get; } = new("data", SyncsCommits: true, CommitWrites: 4096, CommitBytes: 8 << 20, QueueWrites: 100_000, QueueBytes: 64 << 20);

    public SqliteEngine Open(ulong newId = 0xABC, SqliteSettings? settings = null, string cluster = "dynamo", string node = "n1") =>
        OpenIn(Data, newId, settings, cluster, node);

    public SqliteEngine OpenIn(string folder, ulong newId = 0xABC, SqliteSettings? settings = null, string cluster = "dynamo", string node = "n1") =>
        SqliteEngine.Open((settings ?? Settings) with { DataDir = folder }, cluster, new NodeId(node), () => new StoreId(newId));

    /// <summary>The folder as a crash would leave it now: what the system has of it, without a close.</summary>
    public string CrashCopy()
    {
        var copy = _temp.At($"crashed-{Guid.NewGuid():n}");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(Data).Where(f => Path.GetFileName(f) != "lock"))
            System.IO.File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>Makes a record unreadable behind the back of an engine that may be open.</summary>
    public void Damage(string key)
    {
        var encoded = Convert.ToHexString(StorageKey.Of(key).Encoded);
        using var connection = Connection.Open(File, mayCreate: false);
        foreach (var table in new[] { "kv", "hint" }) connection.Execute($"UPDATE {table} SET v = x'01ff' WHERE k = x'{encoded}'");
    }

    public void Dispose() => _temp.Dispose();
}
