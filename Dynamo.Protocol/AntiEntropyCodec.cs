using System.Collections.Immutable;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class AntiEntropyCodec
{
    public static void Write(ByteWriter to, TreeRoots m)
    {
        to.Node(m.From);
        to.Count(m.Epoch);
        to.Count(m.Roots.Length);
        foreach (var (partition, root) in m.Roots)
        {
            to.Count(partition);
            to.Fixed64(root);
        }
    }

    public static TreeRoots ReadRoots(ref ByteReader from)
    {
        var node = from.Node();
        var epoch = from.Count();
        var roots = ImmutableArray.CreateBuilder<PartitionRoot>(from.ListLength(9));
        while (roots.Count < roots.Capacity) roots.Add(new PartitionRoot(from.Int(), from.Fixed64()));
        return new TreeRoots(node, epoch, roots.MoveToImmutable());
    }

    public static void Write(ByteWriter to, TreeDifferences m)
    {
        to.Ints(m.Partitions);
        to.Ints(m.NotCompared);
    }

    public static TreeDifferences ReadDifferences(ref ByteReader from) => new(from.Ints(), from.Ints());

    public static void Write(ByteWriter to, TreeNodes m)
    {
        to.Count(m.Partition);
        to.Count(m.Level);
        to.Ints(m.Indexes);
    }

    public static TreeNodes ReadNodes(ref ByteReader from) => new(from.Int(), from.Int(), from.Ints());

    public static void Write(ByteWriter to, TreeHashes m)
    {
        to.Count(m.Hashes.Length);
        foreach (var hash in m.Hashes) to.Fixed64(hash);
    }

    public static TreeHashes ReadHashes(ref ByteReader from)
    {
        var hashes = ImmutableArray.CreateBuilder<ulong>(from.ListLength(8));
        while (hashes.Count < hashes.Capacity) hashes.Add(from.Fixed64());
        return new TreeHashes(hashes.MoveToImmutable());
    }

    public static void Write(ByteWriter to, LeafKeys m)
    {
        to.Count(m.Partition);
        to.Ints(m.Leaves);
    }

    public static LeafKeys ReadLeaves(ref ByteReader from) => new(from.Int(), from.Ints());

    public static void Write(ByteWriter to, KeyDigests m)
    {
        to.Count(m.Leaves);
        Write(to, m.Keys);
    }

    public static void Write(ByteWriter to, ImmutableArray<KeyDigest> keys)
    {
        to.Count(keys.Length);
        foreach (var (key, digest) in keys)
        {
            to.Key(key);
            to.Fixed64(digest);
        }
    }

    public static KeyDigests ReadKeys(ref ByteReader from)
    {
        var leaves = from.Int();
        return new KeyDigests(ReadDigests(ref from), leaves);
    }

    /// <summary>The answer was always about all leaves.</summary>
    public static KeyDigests ReadKeysBefore2(ref ByteReader from) => new(ReadDigests(ref from), int.MaxValue);

    public static ImmutableArray<KeyDigest> ReadDigests(ref ByteReader from)
    {
        var keys = ImmutableArray.CreateBuilder<KeyDigest>(from.ListLength(11));
        while (keys.Count < keys.Capacity) keys.Add(new KeyDigest(from.Key(), from.Fixed64()));
        return keys.MoveToImmutable();
    }
}
