using System.Collections.Immutable;
using System.Numerics;

namespace Dynamo.Core.Ring;

/// <summary>An immutable set of partitions, one bit each.</summary>
public readonly struct PartitionSet : IEquatable<PartitionSet>
{
    public static readonly PartitionSet Empty = new([]);

    private readonly ImmutableArray<ulong> _words;

    private PartitionSet(ImmutableArray<ulong> words) => _words = words;

    public int Count => Words.Sum(BitOperations.PopCount);

    /// <summary>From the lowest partition up, 64 to a word; without zeros at the end, so that equal sets have equal words.</summary>
    public ImmutableArray<ulong> Words => _words.IsDefault ? [] : _words;

    public static PartitionSet Of(IEnumerable<ulong> words)
    {
        var all = words.ToList();
        while (all.Count > 0 && all[^1] == 0) all.RemoveAt(all.Count - 1);
        return new PartitionSet([.. all]);
    }

    public bool Contains(int partition) => partition / 64 < Words.Length && (Words[partition / 64] >> (partition % 64) & 1) == 1;

    public PartitionSet Add(int partition)
    {
        if (Contains(partition)) return this;
        var words = new ulong[Math.Max(Words.Length, (partition / 64) + 1)];
        Words.CopyTo(words);
        words[partition / 64] |= 1UL << (partition % 64);
        return new PartitionSet([.. words]);
    }

    public PartitionSet Union(PartitionSet other)
    {
        var (longer, shorter) = Words.Length >= other.Words.Length ? (Words, other.Words) : (other.Words, Words);
        return new PartitionSet([.. longer.Select((word, i) => word | (i < shorter.Length ? shorter[i] : 0))]);
    }

    public bool Equals(PartitionSet other) => Words.AsSpan().SequenceEqual(other.Words.AsSpan());

    public override bool Equals(object? obj) => obj is PartitionSet other && Equals(other);

    public override int GetHashCode() => Words.Length == 0 ? 0 : HashCode.Combine(Words.Length, Words[^1]);
}
