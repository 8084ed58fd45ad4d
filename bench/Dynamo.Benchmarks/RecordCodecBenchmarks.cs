using BenchmarkDotNet.Attributes;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Benchmarks;

/// <summary>Encoding of a record in the store. Most of it is the encoding of a version set, which messages use too.</summary>
public class RecordCodecBenchmarks
{
    private readonly ByteWriter _writer = new();
    private Record _record = Record.None;
    private byte[] _bytes = [];

    [Params(1, 3)]
    public int Siblings { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _record = new Record(1, Samples.Siblings(Siblings));
        Write();
        _bytes = _writer.ToArray();
    }

    [Benchmark]
    public int Write()
    {
        _writer.Clear();
        VersionCodec.Write(_writer, _record);
        return _writer.Length;
    }

    [Benchmark]
    public Record Read()
    {
        var from = new ByteReader(_bytes);
        return VersionCodec.ReadRecord(ref from);
    }
}
