using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.AntiEntropy;

/// <summary>Section 4.7: trees that differ only where keys differ.</summary>
public sealed class HashTreeTests
{
    [Fact]
    public void Trees_of_the_same_keys_are_equal_in_any_order_of_writes() => Seeds.Run(50, random =>
    {
        var keys = Enumerable.Range(0, 200).Select(_ => (Token: new Token((ulong)random.NextInt64()), Digest: (ulong)random.NextInt64(1, long.MaxValue))).ToArray();
        var (a, b) = (new HashTree(3, 8), new HashTree(3, 8));
        foreach (var (token, digest) in keys) a.Change(token, 0, digest);
        foreach (var (token, digest) in keys.Reverse())
        {
            b.Change(token, 0, 42);
            b.Change(token, 42, digest);
        }
        Assert.Equal(a.Root, b.Root);

        var extra = keys[random.Next(keys.Length)];
        b.Change(extra.Token, extra.Digest, extra.Digest + 1);
        Assert.NotEqual(a.Root, b.Root);
        Assert.Equal([a.LeafOf(extra.Token)], Differing(a, b));
        b.Change(extra.Token, extra.Digest + 1, extra.Digest);
        Assert.Equal(a.Root, b.Root);
    });

    [Fact]
    public void A_tree_whose_keys_are_gone_has_the_root_zero_again()
    {
        var tree = new HashTree(2, 0);
        Assert.Equal(0UL, tree.Root);
        tree.Change(new Token(5), 0, 9);
        Assert.NotEqual(0UL, tree.Root);
        tree.Change(new Token(5), 9, 0);
        Assert.Equal(0UL, tree.Root);
    }

    [Fact]
    public void A_saved_tree_loads_as_the_same_tree()
    {
        var (a, b) = (new HashTree(2, 4), new HashTree(2, 4));
        for (var i = 1UL; i < 100; i++) a.Change(new Token(i << 50), 0, i);
        b.Load(a.Leaves);
        Assert.Equal(a.Root, b.Root);
    }

    // Walks down both trees where they differ, as an exchange does.
    private static List<int> Differing(HashTree a, HashTree b)
    {
        var nodes = new List<int> { 0 };
        for (var level = 0; level < a.Depth; level++)
            nodes = [.. nodes.SelectMany(n => Enumerable.Range(0, HashTree.Fanout).Where(c => a.Children(level, n)[c] != b.Children(level, n)[c]).Select(c => (n * HashTree.Fanout) + c))];
        return nodes;
    }
}
