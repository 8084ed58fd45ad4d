using BenchmarkDotNet.Attributes;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Storage;
using Dynamo.Storage.Sqlite;

namespace Dynamo.Benchmarks;

/// <summary>Both engines with 10,000 keys: one read, and the writes of one transaction. The sqlite engine syncs each one, in the temporary folder.</summary>
public class StorageBenchmarks
{
    private const int Keys = 10_000;
    private readonly RecordKey[] _keys = [.. Enumerable.Range(0, Keys).Select(number => new RecordKey(Samples.Key(number)))];
    private string _folder = "";
    private IStorageEngine? _engine;
    private int _next;

    [Params("memory", "sqlite")]
    public string Engine { get; set; } = "";

    [GlobalSetup]
    public async Task SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("dynamo-benchmarks-").FullName;
        var sqlite = new SqliteSettings(_folder, SyncsCommits: true, CommitWrites: 4096, CommitBytes: 8 << 20, QueueWrites: 100_000, QueueBytes: 64 << 20);
        _engine = StorageEngines.Open(new StorageSettings(Engine, sqlite), "benchmarks", new NodeId("n1"));
        await WriteAsync(Keys);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _engine!.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public Record Read() => _engine!.Read(NextKey());

    [Benchmark]
    public Task<IReadOnlyList<Applied>> Write1() => WriteAsync(1);

    [Benchmark]
    public Task<IReadOnlyList<Applied>> Write64() => WriteAsync(64);

    // Last-write-wins, so that a key that is written repeatedly keeps one value.
    private Task<IReadOnlyList<Applied>> WriteAsync(int count)
    {
        var mutations = new Mutation[count];
        for (var i = 0; i < count; i++) mutations[i] = new Mint(NextKey(), Samples.Write(CausalContext.Empty, 0), ConflictMode.LastWriteWins);
        return _engine!.WriteAsync(mutations);
    }

    private RecordKey NextKey() => _keys[_next = (_next + 1) % Keys];
}
