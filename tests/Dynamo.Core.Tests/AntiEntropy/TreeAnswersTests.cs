using System.Collections.Immutable;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using static Dynamo.Core.Tests.AntiEntropy.Clusters;

namespace Dynamo.Core.Tests.AntiEntropy;

/// <summary>The answers of n1 to a peer that compares trees with it.</summary>
public sealed class TreeAnswersTests
{
    private static readonly Ownership OwnerOfBoth = Owners(View(RingVersion.Founding(Table(1, "n1 n2", "n1 n2"))));

    [Fact]
    public void Roots_that_differ_are_named()
    {
        var forest = Trees.Built(2);
        forest.Apply(Trees.Write(new Token(5)));
        var root = forest.RootOf(0);
        Assert.Equal("differ: 1, not compared: ", Compare(1, [new(0, root), new(1, 9)], OwnerOfBoth, forest));
        Assert.Equal("differ: 0, not compared: ", Compare(1, [new(0, root + 1), new(1, 0)], OwnerOfBoth, forest));
    }

    [Fact]
    public void With_another_ring_nothing_is_compared() =>
        Assert.Equal("differ: , not compared: 0 1", Compare(2, [new(0, 9), new(1, 9)], OwnerOfBoth, Trees.Built(2)));

    [Fact]
    public void Partitions_that_do_not_exist_or_whose_trees_are_not_built_are_not_compared() =>
        Assert.Equal("differ: 0, not compared: 1 2", Compare(1, [new(0, 9), new(1, 9), new(2, 9)], OwnerOfBoth, Trees.BuiltUpToPartition1()));

    [Fact]
    public void Partitions_of_others_are_not_compared()
    {
        var owners = Owners(View(RingVersion.Founding(Table(1, "n2 n3 n4", "n1 n2 n3"))));
        Assert.Equal("differ: 1, not compared: 0", Compare(1, [new(0, 9), new(1, 9)], owners, Trees.Built(2)));
    }

    [Fact]
    public void Hashes_are_those_of_the_children_in_order()
    {
        var forest = Trees.Built(2);
        forest.Apply(Trees.Write(new Token(5)));
        Assert.Equal(forest.Children(0, 0, 0), TreeAnswers.Hashes(0, 0, [0], forest).ToArray());
        Assert.Equal([.. forest.Children(0, 1, 3), .. forest.Children(0, 1, 0)], TreeAnswers.Hashes(0, 1, [3, 0], forest).ToArray());
    }

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(0, 5, 0)]
    [InlineData(0, int.MaxValue, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 16)]
    [InlineData(0, 4, 65536)]
    public void Requests_beyond_the_trees_get_no_hashes(int partition, int level, int node) =>
        Assert.Empty(TreeAnswers.Hashes(partition, level, [node], Trees.Built(2)));

    [Fact]
    public void Trees_that_are_not_built_have_no_hashes()
    {
        Assert.Equal(16, TreeAnswers.Hashes(0, 0, [0], Trees.BuiltUpToPartition1()).Length);
        Assert.Empty(TreeAnswers.Hashes(1, 0, [0], Trees.BuiltUpToPartition1()));
    }

    [Fact]
    public void Requests_longer_than_an_exchange_makes_are_not_answered()
    {
        var forest = Trees.Built(2);
        Assert.Equal(16 * 256, TreeAnswers.Hashes(0, 4, [.. Enumerable.Range(0, 256)], forest).Length);
        Assert.Empty(TreeAnswers.Hashes(0, 4, [.. Enumerable.Range(0, 257)], forest));
        Assert.Equal(64, TreeAnswers.Tokens(0, [.. Enumerable.Range(0, 64)], forest).Length);
        Assert.Empty(TreeAnswers.Tokens(0, [.. Enumerable.Range(0, 65)], forest));
    }

    [Fact]
    public void Leaves_beyond_the_tree_hold_nothing()
    {
        var forest = Trees.Built(2);
        Assert.Empty(TreeAnswers.Tokens(2, [0], forest));
        Assert.Equal([forest.Tokens(1, 3)], TreeAnswers.Tokens(1, [1 << 20, 3, int.MaxValue], forest).ToArray());
    }

    private static string Compare(long epoch, RootHash[] roots, Ownership owners, Forest forest)
    {
        var (differing, notCompared) = TreeAnswers.Compare(epoch, roots, owners, forest);
        return $"differ: {Words(differing)}, not compared: {Words(notCompared)}";
    }

    private static string Words(ImmutableArray<int> partitions) => string.Join(' ', partitions);
}
