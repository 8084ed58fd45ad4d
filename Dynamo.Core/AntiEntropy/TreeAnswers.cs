using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.AntiEntropy;

/// <summary>A node's answers about its trees: empty beyond their end, while they are being built, or to a question longer than any exchange asks.</summary>
public static class TreeAnswers
{
    /// <param name="epoch">The epoch of the asker's ring: in another ring it may own other partitions. By the next round the two will agree.</param>
    public static (ImmutableArray<int> Differing, ImmutableArray<int> NotCompared) Compare(long epoch, IEnumerable<RootHash> roots, Ownership owners, Forest forest)
    {
        var ring = owners.View.Ring;
        var compared = roots.ToLookup(r => epoch == ring.Epoch && r.Partition < ring.PartitionCount && owners.IsInList(r.Partition) && forest.IsPartitionBuilt(r.Partition));
        return ([.. compared[true].Where(r => forest.Root(r.Partition) != r).Select(r => r.Partition)], [.. compared[false].Select(r => r.Partition)]);
    }

    /// <summary>Sixteen hashes for each tree node, in order; none if the trees were lost since the exchange began.</summary>
    public static ImmutableArray<ulong> Hashes(int partition, int level, ImmutableArray<int> nodes, Forest forest)
    {
        var isValid = partition < forest.PartitionCount && forest.IsPartitionBuilt(partition) && nodes.Length <= TreeWalk.NodesPerQuestion
            && level < forest.Depth && nodes.All(i => i < 1 << (4 * level));
        return isValid ? [.. nodes.SelectMany(i => forest.Children(partition, level, i))] : [];
    }

    /// <summary>The token ranges of the leaves, both ends included.</summary>
    public static ImmutableArray<(Token First, Token Last)> Tokens(int partition, ImmutableArray<int> leaves, Forest forest) =>
        partition >= forest.PartitionCount || leaves.Length > TreeWalk.LeavesPerQuestion
            ? []
            : [.. leaves.Where(l => l < 1 << (4 * forest.Depth)).Select(l => forest.Tokens(partition, l))];
}
