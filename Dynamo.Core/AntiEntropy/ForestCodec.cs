using Dynamo.Core.Wire;

namespace Dynamo.Core.AntiEntropy;

/// <summary>The form of trees saved at a clean stop: only non-empty leaves, with the number of the last commit that they contain.</summary>
public static class ForestCodec
{
    public static byte[] Save(Forest forest, int partitions, long commit)
    {
        var to = new ByteWriter(1 << 16);
        to.Count(commit);
        to.Count(partitions);
        for (var p = 0; p < partitions; p++)
        {
            var leaves = forest.Leaves(p);
            var held = 0;
            foreach (var leaf in leaves) held += leaf != 0 ? 1 : 0;
            to.Count(held);
            for (var i = 0; i < leaves.Length; i++)
            {
                if (leaves[i] == 0) continue;
                to.Count(i);
                to.Fixed64(leaves[i]);
            }
        }
        return to.ToArray();
    }

    /// <returns>Null when the saved trees do not match the store: they must be rebuilt.</returns>
    public static Forest? Load(byte[]? saved, int partitions, long commit)
    {
        if (saved is null) return null;
        var forest = new Forest(partitions);
        var leafCount = 1 << (4 * forest.Depth);
        try
        {
            var from = new ByteReader(saved);
            if (from.Count() != commit || from.Count() != partitions) return null;
            for (var p = 0; p < partitions; p++)
            {
                var held = from.ListLength(9);
                if (held == 0) continue;
                var leaves = new ulong[leafCount];
                for (; held > 0; held--) leaves[from.Count() % leafCount] = from.Fixed64();
                forest.Load(p, leaves);
            }
            from.End();
        }
        catch (MalformedBytesException)
        {
            return null;
        }
        forest.Loaded();
        return forest;
    }
}
