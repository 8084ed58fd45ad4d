using System.Collections.Immutable;
using System.Numerics;

namespace Dynamo.Core.Ring;

/// <summary>
/// An immutable table partition → owners with an epoch: the paper's strategy 3 (section 6.2), with Q equal partitions named by the top
/// bits of the token, each with the nodes that hold its replicas, in the order in which they are asked. A change of membership makes
/// a new table with the next epoch.
/// </summary>
public sealed class HashRing : IEquatable<HashRing>
{
    public const int MaxPartitions = 4096;

    /// <summary>The maximum length of a walk: with this many nodes in a row down, no quorum is met anyway.</summary>
    public const int MaxWalk = 64;

    public static readonly HashRing None = new(0, []);

    private readonly int _shift;
    private readonly ImmutableArray<NodeId>[] _walks;
    private readonly Dictionary<NodeId, int> _owned;

    /// <param name="owners">The distinct owners of each partition, in the order in which they are asked; a power of two of partitions, or none.</param>
    public HashRing(long epoch, ImmutableArray<ImmutableArray<NodeId>> owners)
    {
        if (owners.Length > 0) CheckPartitions(owners.Length);
        Epoch = epoch;
        Owners = owners;
        _shift = 64 - BitOperations.Log2((uint)Math.Max(1, owners.Length));
        _owned = owners.SelectMany(o => o).CountBy(o => o).ToDictionary();
        _walks = new ImmutableArray<NodeId>[owners.Length];
    }

    public long Epoch { get; }

    public ImmutableArray<ImmutableArray<NodeId>> Owners { get; }

    public int PartitionCount => Owners.Length;

    public bool IsNone => Owners.IsEmpty;

    /// <summary>The maximum number of owners of any partition.</summary>
    public int Replicas => Owners.IsEmpty ? 0 : Owners.Max(o => o.Length);

    public IReadOnlyCollection<NodeId> Nodes => _owned.Keys;

    /// <exception cref="ArgumentException">Not a power of two from 1 to <see cref="MaxPartitions"/>.</exception>
    public static void CheckPartitions(int partitions)
    {
        if (!BitOperations.IsPow2(partitions) || partitions > MaxPartitions)
            throw new ArgumentException($"the number of partitions must be a power of two up to {MaxPartitions}, not {partitions}", nameof(partitions));
    }

    /// <summary>The table a new cluster starts with: a pure function of its founders' names, so all of them make the same one.</summary>
    /// <param name="replicas">Owners of each partition; fewer when there are fewer founders.</param>
    public static HashRing Founding(IEnumerable<NodeId> founders, int partitions, int replicas)
    {
        CheckPartitions(partitions);
        var nodes = founders.Distinct().Order().ToArray();
        if (nodes.Length == 0) return None;
        var owners = Enumerable.Range(0, partitions)
            .Select(p => Enumerable.Range(0, Math.Min(replicas, nodes.Length)).Select(place => nodes[(p + place) % nodes.Length]).ToImmutableArray());
        return new HashRing(1, [.. owners]);
    }

    public int PartitionOf(Token token) => PartitionCount <= 1 ? 0 : (int)(token.Value >> _shift);

    /// <summary>The token range of a partition, both ends included.</summary>
    public (Token First, Token Last) Tokens(int partition)
    {
        if (PartitionCount <= 1) return (new Token(0), new Token(ulong.MaxValue));
        var first = (ulong)partition << _shift;
        return (new Token(first), new Token(first + ((1UL << _shift) - 1)));
    }

    /// <summary>The part of a partition that lies before a key, 0 to 1, by tokens, over which keys are spread evenly.</summary>
    public double Covered(int partition, StorageKey? upTo)
    {
        var (first, last) = Tokens(partition);
        return upTo is { } key ? (key.Token.Value - first.Value) / ((double)last.Value - first.Value + 1) : 0;
    }

    /// <summary>
    /// The nodes in the order in which they are asked for the partition: its owners, then those of the partitions that follow
    /// clockwise, each once (section 4.3). Its first N are the primaries, the others are their fallbacks.
    /// </summary>
    public ImmutableArray<NodeId> Walk(int partition)
    {
        // Built on first use: two threads may both build it, with equal results.
        if (_walks[partition].IsDefault) _walks[partition] = WalkFrom(partition);
        return _walks[partition];
    }

    /// <summary>The N primaries of a partition (section 4.3); fewer when the ring has fewer nodes.</summary>
    public ReadOnlySpan<NodeId> Primaries(int partition, int n)
    {
        var walk = Walk(partition).AsSpan();
        return walk[..Math.Min(n, walk.Length)];
    }

    public bool IsPrimary(NodeId node, int partition, int n) => Primaries(partition, n).Contains(node);

    /// <summary>The number of partitions of which the node holds a replica.</summary>
    public int PartitionsOwnedBy(NodeId node) => _owned.GetValueOrDefault(node);

    public bool Equals(HashRing? other) => ReferenceEquals(this, other) || (other is not null && Epoch == other.Epoch && HasOwnersOf(other));

    /// <summary>Every partition has the same owners in the same order.</summary>
    public bool HasOwnersOf(HashRing other)
    {
        if (Owners.Length != other.Owners.Length) return false;
        for (var p = 0; p < Owners.Length; p++)
            if (!Owners[p].AsSpan().SequenceEqual(other.Owners[p].AsSpan())) return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as HashRing);

    public override int GetHashCode() => HashCode.Combine(Epoch, Owners.Length);

    private ImmutableArray<NodeId> WalkFrom(int partition)
    {
        var max = Math.Min(MaxWalk, _owned.Count);
        var walk = ImmutableArray.CreateBuilder<NodeId>(max);
        var met = new HashSet<NodeId>();
        for (var step = 0; step < PartitionCount && walk.Count < max; step++)
            foreach (var owner in Owners[(partition + step) % PartitionCount])
                if (walk.Count < max && met.Add(owner)) walk.Add(owner);
        return walk.ToImmutable();
    }
}
