using BenchmarkDotNet.Attributes;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Benchmarks;

/// <summary>The cost of a write in its partition's hash tree, and of the root that an exchange reads. The tree is one of 256.</summary>
public class HashTreeBenchmarks
{
    private const int PartitionBits = 8;
    private const int Changes = 256;
    private readonly HashTree _tree = new(Forest.DepthFor(PartitionBits), PartitionBits);
    private readonly (Token Token, ulong Digest)[] _changes =
        [.. Enumerable.Range(0, Changes).Select(number => (Samples.Key(number).Token, VersionCodec.Digest(Samples.Key(number), Samples.Siblings(1))))];
    private readonly StorageKey _key = Samples.Key(0);
    private readonly VersionSet _set = Samples.Siblings(1);
    private int _next;

    [Benchmark]
    public ulong Digest() => VersionCodec.Digest(_key, _set);

    [Benchmark]
    public void Change() => ChangeNext();

    [Benchmark]
    public ulong ChangeAndRoot()
    {
        ChangeNext();
        return _tree.Root;
    }

    [Benchmark]
    public ulong Change256AndRoot()
    {
        for (var i = 0; i < Changes; i++) ChangeNext();
        return _tree.Root;
    }

    // Adds a key, and removes it when its turn comes again.
    private void ChangeNext()
    {
        _next = (_next + 1) % Changes;
        var (token, digest) = _changes[_next];
        _tree.Change(token, 0, digest);
    }
}
