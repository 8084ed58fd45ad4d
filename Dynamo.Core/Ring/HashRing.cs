using System.Collections.Immutable;
using System.Numerics;

namespace Dynamo.Core.Ring;

/// <summary>
/// An immutable table partition → owner with an epoch: the paper's strategy 3 (section 6.2), Q equal partitions that are the
/// top bits of the token. A change of membership makes a new table with the next epoch.
/// </summary>
public sealed class HashRing : IEquatable<HashRing>
{
    public const int MaxPartitions = 4096;

    public static readonly HashRing None = new(0, [], ImmutableDictionary<NodeId, string>.Empty);

    private readonly int _shift;
    private readonly ImmutableArray<NodeId>[] _walks;
    private readonly Dictionary<NodeId, int> _owned;

    /// <param name="owners">The owner of each partition; a power of two of them, or none.</param>
    /// <param name="zones">Failure zones by node, where given: preference lists prefer distinct zones.</param>
    public HashRing(long epoch, ImmutableArray<NodeId> owners, ImmutableDictionary<NodeId, string> zones)
    {
        if (owners.Length > 0) CheckPartitions(owners.Length);
        Epoch = epoch;
        Owners = owners;
        Zones = zones;
        _shift = 64 - BitOperations.Log2((uint)Math.Max(1, owners.Length));
        _owned = owners.CountBy(o => o).ToDictionary();
        _walks = [.. Enumerable.Range(0, owners.Length).Select(WalkFrom)];
    }

    public long Epoch { get; }

    public ImmutableArray<NodeId> Owners { get; }

    public ImmutableDictionary<NodeId, string> Zones { get; }

    public int PartitionCount => Owners.Length;

    public bool IsNone => Owners.IsEmpty;

    public IReadOnlyCollection<NodeId> Nodes => _owned.Keys;

    /// <exception cref="ArgumentException">Not a power of two from 1 to <see cref="MaxPartitions"/>.</exception>
    public static void CheckPartitions(int partitions)
    {
        if (!BitOperations.IsPow2(partitions) || partitions > MaxPartitions)
            throw new ArgumentException($"a ring has a power of two of partitions, up to {MaxPartitions}, not {partitions}", nameof(partitions));
    }

    /// <summary>The table a new cluster starts with: a pure function of its founders' names, so all of them make the same one.</summary>
    public static HashRing Founding(IEnumerable<NodeId> founders, int partitions, ImmutableDictionary<NodeId, string>? zones = null)
    {
        CheckPartitions(partitions);
        var nodes = founders.Distinct().Order().ToArray();
        if (nodes.Length == 0) return None;
        return new HashRing(1, [.. Enumerable.Range(0, partitions).Select(p => nodes[p % nodes.Length])], zones ?? ImmutableDictionary<NodeId, string>.Empty);
    }

    public int PartitionOf(Token token) => PartitionCount <= 1 ? 0 : (int)(token.Value >> _shift);

    /// <summary>The tokens of a partition, both ends included.</summary>
    public (Token First, Token Last) Tokens(int partition)
    {
        if (PartitionCount <= 1) return (new Token(0), new Token(ulong.MaxValue));
        var first = (ulong)partition << _shift;
        return (new Token(first), new Token(first + ((1UL << _shift) - 1)));
    }

    /// <summary>Every node of the ring, in the order in which they are asked for the partition: its first N are the primaries.</summary>
    public ImmutableArray<NodeId> Walk(int partition) => _walks[partition];

    /// <summary>The N primaries of a partition (section 4.3); fewer when the ring has fewer nodes.</summary>
    public ReadOnlySpan<NodeId> Primaries(int partition, int n)
    {
        var walk = Walk(partition).AsSpan();
        return walk[..Math.Min(n, walk.Length)];
    }

    public bool IsPrimary(NodeId node, int partition, int n) => Primaries(partition, n).Contains(node);

    public int PartitionsOwnedBy(NodeId node) => _owned.GetValueOrDefault(node);

    public bool Equals(HashRing? other) =>
        other is not null && Epoch == other.Epoch && Owners.AsSpan().SequenceEqual(other.Owners.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as HashRing);

    public override int GetHashCode() => HashCode.Combine(Epoch, Owners.Length);

    // Distinct nodes clockwise; a node whose zone is there already waits until every zone had its turn (section 4.6's data centres).
    private ImmutableArray<NodeId> WalkFrom(int partition)
    {
        var clockwise = new List<NodeId>(_owned.Count);
        for (var i = 0; i < PartitionCount && clockwise.Count < _owned.Count; i++)
        {
            var owner = Owners[(partition + i) % PartitionCount];
            if (!clockwise.Contains(owner)) clockwise.Add(owner);
        }
        if (Zones.IsEmpty) return [.. clockwise];

        var walk = ImmutableArray.CreateBuilder<NodeId>(clockwise.Count);
        while (clockwise.Count > 0)
        {
            var zonesMet = new HashSet<string>();
            foreach (var node in clockwise.ToArray())
            {
                if (!zonesMet.Add(Zones.GetValueOrDefault(node, node.Name))) continue;
                walk.Add(node);
                clockwise.Remove(node);
            }
        }
        return walk.ToImmutable();
    }
}
