using BenchmarkDotNet.Attributes;
using Dynamo.Core.Versioning;

namespace Dynamo.Benchmarks;

/// <summary>The work of a replica for each write, and of a coordinator for each answer.</summary>
public class VersionSetBenchmarks
{
    private VersionSet _set = VersionSet.Empty;
    private VersionSet _equal = VersionSet.Empty;
    private VersionSet _newer = VersionSet.Empty;
    private VersionSet _mine = VersionSet.Empty;
    private VersionSet _theirs = VersionSet.Empty;
    private Write _write = Samples.Write(CausalContext.Empty, 0);
    private Dot _dot;

    [Params(1, 3)]
    public int Siblings { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        (_set, _equal) = (Samples.Siblings(Siblings), Samples.Siblings(Siblings));
        (_write, _dot) = (Samples.Write(_set.Clock, 0), Samples.NextDot(_set, 0));
        (_mine, _theirs) = (Samples.Replaced(_set, 0), Samples.Replaced(_set, 1));
        _newer = _mine;
    }

    [Benchmark]
    public VersionSet Put() => _set.Put(_write, _dot);

    [Benchmark]
    public VersionSet MergeEqual() => _set.Merge(_equal);

    [Benchmark]
    public VersionSet MergeNewer() => _set.Merge(_newer);

    [Benchmark]
    public VersionSet MergeConcurrent() => _mine.Merge(_theirs);
}
