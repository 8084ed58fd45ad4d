using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.AntiEntropy;

/// <summary>What a node says of its trees to a peer that asks: nothing where they end, are not built yet, or the question is longer than any that an exchange asks.</summary>
public static class TreeAnswers
{
    /// <param name="epoch">Of the asker's ring: by another ring it may own other partitions. The next round will find the two agreed.</param>
    public static (ImmutableArray<int> Differing, ImmutableArray<int> NotCompared) Compare(long epoch, IEnumerable<RootHash> roots, Ownership owners, Forest forest)
    {
        var ring = owners.View.Ring;
        var compared = roots.ToLookup(r => epoch == ring.Epoch && r.Partition < ring.PartitionCount && owners.IsInList(r.Partition) && forest.IsPartitionBuilt(r.Partition));
        return ([.. compared[true].Where(r => forest.Root(r.Partition) != r).Select(r => r.Partition)], [.. compared[false].Select(r => r.Partition)]);
    }

    /// <summary>Sixteen hashes for each node, in order. None where the node's trees were lost since the exchange began.</summary>
    public static ImmutableArray<ulong> Hashes(int partition, int level, ImmutableArray<int> nodes, Forest forest)
    {
        var isValid = partition < forest.PartitionCount && forest.IsPartitionBuilt(partition) && nodes.Length <= TreeWalk.NodesPerQuestion
            && level < forest.Depth && nodes.All(i => i < 1 << (4 * level));
        return isValid ? [.. nodes.SelectMany(i => forest.Children(partition, level, i))] : [];
    }

    /// <summary>The tokens of the leaves, both ends included.</summary>
    public static ImmutableArray<(Token First, Token Last)> Tokens(int partition, ImmutableArray<int> leaves, Forest forest) =>
        partition >= forest.PartitionCount || leaves.Length > TreeWalk.LeavesPerQuestion
            ? []
            : [.. leaves.Where(l => l < 1 << (4 * forest.Depth)).Select(l => forest.Tokens(partition, l))];
}
