using System.Numerics;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.AntiEntropy;

/// <summary>
/// The hash trees of all partitions of a node, built by one scan of the store in token order while writes go on: a write behind the scan
/// updates its tree in O(1), a write ahead of it is left to the scan. Not thread-safe.
/// </summary>
public sealed class Forest
{
    private readonly HashRing _shape;
    private readonly HashTree?[] _trees;
    private readonly int _partitionBits;

    /// <param name="partitions">A power of two.</param>
    public Forest(int partitions)
    {
        _shape = HashRing.Founding([new NodeId("shape")], partitions, replicas: 1);
        _trees = new HashTree?[partitions];
        _partitionBits = BitOperations.Log2((uint)partitions);
        Depth = DepthFor(_partitionBits);
    }

    public int PartitionCount => _trees.Length;

    /// <summary>Levels of every tree.</summary>
    public int Depth { get; }

    /// <summary>The last key scanned; null before the first.</summary>
    public StorageKey? ScannedTo { get; private set; }

    public bool IsBuilt { get; private set; }

    /// <summary>The depth for about a million leaves in all: with a million keys, a leaf that differs names about one key.</summary>
    public static int DepthFor(int partitionBits) => Math.Clamp((20 - partitionBits + 3) / 4, 1, 5);

    public bool IsPartitionBuilt(int partition) =>
        IsBuilt || (ScannedTo is { } to && to.Token.CompareTo(_shape.Tokens(partition).Last) > 0);

    public ulong RootOf(int partition) => _trees[partition]?.Root ?? 0;

    public RootHash Root(int partition) => new(partition, RootOf(partition));

    /// <summary>The hashes of a tree node's sixteen children; zeros in a partition without keys.</summary>
    public ulong[] Children(int partition, int level, int index) => _trees[partition]?.Children(level, index) ?? new ulong[HashTree.Fanout];

    public ReadOnlySpan<ulong> Leaves(int partition) => _trees[partition] is { } tree ? tree.Leaves : [];

    /// <summary>The token range of a leaf, both ends included.</summary>
    public (Token First, Token Last) Tokens(int partition, int leaf)
    {
        var shift = 64 - _partitionBits - (4 * Depth);
        var first = _shape.Tokens(partition).First.Value + ((ulong)leaf << shift);
        return (new Token(first), new Token(first + ((1UL << shift) - 1)));
    }

    /// <summary>Updates the trees after a write. Hints, and keys ahead of the scan, are ignored.</summary>
    public void Apply(Applied applied)
    {
        if (applied.Key.HintFor is not null || !applied.IsChange || !IsScanned(applied.Key.Key)) return;
        var key = applied.Key.Key;
        TreeOf(key.Token).Change(key.Token, VersionCodec.Digest(key, applied.Before.Versions), VersionCodec.Digest(key, applied.After.Versions));
    }

    /// <summary>Adds the next records of the scan; an empty list ends it.</summary>
    public void Scanned(IReadOnlyList<StoredRecord> records)
    {
        foreach (var (key, record) in records)
        {
            TreeOf(key.Token).Change(key.Token, 0, VersionCodec.Digest(key, record.Versions));
            ScannedTo = key;
        }
        if (records.Count == 0) IsBuilt = true;
    }

    /// <summary>Skips the next record of the scan, which cannot be read: the trees are built without it.</summary>
    public void Skip(StorageKey key) => ScannedTo = key;

    /// <summary>Loads a tree that was saved when the store was as it is now.</summary>
    public void Load(int partition, ReadOnlySpan<ulong> leaves) => (_trees[partition] ??= NewTree()).Load(leaves);

    public void Loaded() => IsBuilt = true;

    private bool IsScanned(StorageKey key) => IsBuilt || (ScannedTo is { } to && StorageKey.Compare(key, to) <= 0);

    private HashTree TreeOf(Token token) => _trees[_shape.PartitionOf(token)] ??= NewTree();

    private HashTree NewTree() => new(Depth, _partitionBits);
}
