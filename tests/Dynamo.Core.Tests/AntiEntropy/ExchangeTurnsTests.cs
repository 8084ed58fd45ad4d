using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using static Dynamo.Core.Tests.AntiEntropy.Clusters;

namespace Dynamo.Core.Tests.AntiEntropy;

/// <summary>The peer and the partitions that n1 compares next.</summary>
public sealed class ExchangeTurnsTests
{
    private readonly ExchangeTurns _turns = new();

    [Fact]
    public void Peers_take_turns_and_each_is_asked_about_the_partitions_that_both_own()
    {
        var owners = Owners(View(RingVersion.Founding(Table(1, "n1 n2 n3", "n3 n4 n1", "n2 n3 n4", "n4 n1 n2"))));
        var forest = Trees.Built(4);
        Assert.Equal(["n2: 0 3", "n3: 0 1", "n4: 1 3", "n2: 0 3"], Enumerable.Range(0, 4).Select(_ => Next(owners, forest)));
    }

    [Fact]
    public void Peers_that_are_down_or_share_nothing_are_skipped()
    {
        var ring = RingVersion.Founding(Table(1, "n1 n2 n3", "n2 n4 n3"));
        Assert.Equal(["n2: 0", "n2: 0"], Enumerable.Range(0, 2).Select(_ => Next(Owners(View(ring, N3)), Trees.Built(2))));
        Assert.Null(_turns.Next(Owners(View(ring, N2, N3)), Trees.Built(2)));
    }

    [Fact]
    public void Without_a_ring_there_is_no_peer() => Assert.Null(_turns.Next(Owners(View(RingVersion.None)), Trees.Built(4)));

    [Fact]
    public void Partitions_whose_trees_are_not_built_are_left_out()
    {
        var owners = Owners(View(RingVersion.Founding(Table(1, "n1 n2", "n1 n2"))));
        Assert.Equal("n2: 0", Next(owners, Trees.BuiltUpToPartition1()));
        Assert.Null(_turns.Next(owners, new Forest(2)));
    }

    [Fact]
    public void The_request_holds_the_roots()
    {
        var forest = Trees.Built(2);
        forest.Apply(Trees.Write(new Token(5)));
        var roots = _turns.Next(Owners(View(RingVersion.Founding(Table(1, "n1 n2", "n1 n2")))), forest)!.Value.Roots;
        Assert.Equal([new RootHash(0, forest.RootOf(0)), new RootHash(1, 0)], roots.ToArray());
        Assert.NotEqual(0UL, roots[0].Hash);
    }

    [Fact]
    public void A_requested_partition_is_compared_when_its_tree_is_built_and_the_peer_is_known()
    {
        var view = View(RingVersion.Founding(Table(1, "n1 n2", "n1 n2")));
        Assert.Null(ExchangeTurns.WhyNot(N2, 0, view, Trees.BuiltUpToPartition1()));
        Assert.Equal("this node's hash trees are being built", ExchangeTurns.WhyNot(N2, 1, view, Trees.BuiltUpToPartition1()));
        Assert.Equal("node n9 is not known", ExchangeTurns.WhyNot(new NodeId("n9"), 0, view, Trees.Built(2)));
    }

    private string Next(Ownership owners, Forest forest)
    {
        var (peer, roots) = _turns.Next(owners, forest)!.Value;
        return $"{peer}: {string.Join(' ', roots.Select(r => r.Partition))}";
    }
}
