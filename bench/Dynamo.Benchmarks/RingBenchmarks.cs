using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Dynamo.Core.Ring;

namespace Dynamo.Benchmarks;

/// <summary>The first step of every request: from its key to the participating nodes.</summary>
public class RingBenchmarks
{
    private const int Replicas = 3;
    private readonly HashRing _ring = HashRing.Founding(Samples.Nodes(5), partitions: 256, Replicas);
    private readonly StorageKey _key = Samples.Key(5000);
    private readonly NodeId _down;
    private readonly Func<NodeId, bool> _isUp;

    public RingBenchmarks()
    {
        _down = _ring.Primaries(_ring.PartitionOf(_key.Token), Replicas)[0];
        _isUp = node => node != _down;
    }

    /// <summary>Decodes a key from a message, with its MD5.</summary>
    [Benchmark]
    public StorageKey Hash() => StorageKey.FromEncoded(_key.Encoded);

    [Benchmark]
    public NodeId Primaries() => _ring.Primaries(_ring.PartitionOf(_key.Token), Replicas)[^1];

    [Benchmark]
    public ImmutableArray<Participant> PreferenceListAllUp() => PreferenceList.Choose(_ring, _ring.PartitionOf(_key.Token), Replicas, static _ => true);

    [Benchmark]
    public ImmutableArray<Participant> PreferenceListOneDown() => PreferenceList.Choose(_ring, _ring.PartitionOf(_key.Token), Replicas, _isUp);
}
