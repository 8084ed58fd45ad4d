namespace Dynamo.Core.AntiEntropy;

/// <summary>
/// The hash tree of one partition (section 4.7). A leaf is the XOR of the digests of its keys, so a write updates it in O(1); a node above
/// the leaves hashes its sixteen children, on demand. Not thread-safe.
/// </summary>
public sealed class HashTree
{
    public const int Fanout = 16;

    private readonly int _depth;
    private readonly int _leafShift;
    private readonly ulong[][] _levels;
    private readonly HashSet<int> _stale = [];

    /// <param name="depth">Levels below the root, 1 to 5: the tree has 16^depth leaves.</param>
    /// <param name="partitionBits">Number of top bits of a token that name the partition; the next bits name the leaf.</param>
    public HashTree(int depth, int partitionBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 5);
        _depth = depth;
        _leafShift = 64 - partitionBits - (4 * depth);
        _levels = [.. Enumerable.Range(0, depth + 1).Select(level => new ulong[1 << (4 * level)])];
        PartitionBits = partitionBits;
    }

    public int Depth => _depth;

    public int PartitionBits { get; }

    public int LeafCount => _levels[_depth].Length;

    public ulong Root => Hash(0, 0);

    public int LeafOf(Ring.Token token) => (int)((token.Value >> _leafShift) & (ulong)(LeafCount - 1));

    /// <summary>Replaces a key's old digest by its new one (0: the key was, or is, absent).</summary>
    public void Change(Ring.Token token, ulong oldDigest, ulong newDigest)
    {
        if (oldDigest == newDigest) return;
        var leaf = LeafOf(token);
        _levels[_depth][leaf] ^= oldDigest ^ newDigest;
        _stale.Add(leaf >> 4);
    }

    /// <summary>The hash of a node; level 0 is the root, level <see cref="Depth"/> the leaves.</summary>
    public ulong Hash(int level, int index)
    {
        Refresh();
        return _levels[level][index];
    }

    /// <summary>The hashes of a node's sixteen children.</summary>
    public ulong[] Children(int level, int index)
    {
        Refresh();
        return _levels[level + 1][(index * Fanout)..((index + 1) * Fanout)];
    }

    public ReadOnlySpan<ulong> Leaves => _levels[_depth];

    /// <summary>Sets every leaf at once, from a saved tree.</summary>
    public void Load(ReadOnlySpan<ulong> leaves)
    {
        if (leaves.Length != LeafCount) throw new ArgumentException($"expected {LeafCount} leaves, got {leaves.Length}", nameof(leaves));
        leaves.CopyTo(_levels[_depth]);
        for (var parent = 0; parent < LeafCount / Fanout; parent++) _stale.Add(parent);
    }

    private void Refresh()
    {
        if (_stale.Count == 0) return;
        var dirty = new HashSet<int>(_stale);
        _stale.Clear();
        for (var level = _depth - 1; level >= 0; level--)
        {
            foreach (var index in dirty)
                _levels[level][index] = Combine(_levels[level + 1].AsSpan(index * Fanout, Fanout));
            dirty = [.. dirty.Select(i => i >> 4)];
        }
    }

    // An all-zero subtree hashes to zero, so an empty tree of any depth has root 0.
    private static ulong Combine(ReadOnlySpan<ulong> children)
    {
        var hash = 0xcbf29ce484222325UL;
        var any = false;
        foreach (var child in children)
        {
            any |= child != 0;
            hash = (hash ^ child) * 0x9e3779b97f4a7c15UL;
            hash ^= hash >> 29;
        }
        return any ? hash : 0;
    }
}
