using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Dynamo.Core.Ring;

namespace Dynamo.Benchmarks;

/// <summary>The claim for a ring change: 256 partitions, three replicas.</summary>
public class ClaimBenchmarks
{
    private const int Partitions = 256;
    private const int Replicas = 3;
    private static readonly ImmutableArray<ImmutableArray<NodeId>> Nobody = [.. Enumerable.Repeat(ImmutableArray<NodeId>.Empty, Partitions)];
    private Claimant[] _nodes = [];
    private Claimant[] _more = [];
    private ImmutableArray<ImmutableArray<NodeId>> _table = Nobody;

    [Params(5, 50)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _more = [.. Samples.Nodes(Nodes + 1).Select(node => new Claimant(node, Weight: 1, Zone: ""))];
        _nodes = _more[..Nodes];
        _table = Found();
    }

    [Benchmark]
    public ImmutableArray<ImmutableArray<NodeId>> Found() => Claim.Assign(Nobody, _nodes, Replicas);

    [Benchmark]
    public ImmutableArray<ImmutableArray<NodeId>> Join() => Claim.Assign(_table, _more, Replicas);

    [Benchmark]
    public ImmutableArray<ImmutableArray<NodeId>> Leave() => Claim.Assign(_table, _nodes[1..], Replicas);
}
