using System.Collections.Immutable;
using Akka.Actor;
using BenchmarkDotNet.Attributes;
using Dynamo.Core.Buckets;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Benchmarks;

/// <summary>Serialization of a put's messages: from the client to its coordinator, and from there to a replica.</summary>
public class MessageCodecBenchmarks
{
    private readonly ActorSystem _system = ActorSystem.Create("benchmarks");
    private readonly DynamoSerializer _serializer;
    private ClientBatch _puts = new([]);
    private WriteBatch _writes = new([]);
    private byte[] _putBytes = [];
    private byte[] _writeBytes = [];

    public MessageCodecBenchmarks() => _serializer = new DynamoSerializer((ExtendedActorSystem)_system);

    /// <summary>Requests per message.</summary>
    [Params(1, 16)]
    public int Items { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var set = Samples.Siblings(1);
        using var token = new ContextToken("secret"u8);
        var items = Enumerable.Range(0, Items).Select(number => (Number: number, Key: Samples.Key(number))).ToArray();
        _puts = new ClientBatch([.. items.Select(i => new PutRequest(
            i.Number, i.Key, token.Seal(set.Clock, i.Key), Samples.Value, IsDelete: false, WriteId: (ulong)i.Number + 1, QuorumOverrides.None, TimeoutMs: 3000))]);
        _writes = new WriteBatch([.. items.Select(i => new WriteItem(i.Key, set, null, ConflictMode.Siblings, WriteCause.Put))]);
        (_putBytes, _writeBytes) = (WritePuts(), WriteWrites());
    }

    [GlobalCleanup]
    public Task CleanUp() => _system.Terminate();

    [Benchmark]
    public byte[] WritePuts() => _serializer.ToBinary(_puts);

    [Benchmark]
    public object ReadPuts() => _serializer.FromBinary(_putBytes, _serializer.Manifest(_puts));

    [Benchmark]
    public byte[] WriteWrites() => _serializer.ToBinary(_writes);

    [Benchmark]
    public object ReadWrites() => _serializer.FromBinary(_writeBytes, _serializer.Manifest(_writes));
}
