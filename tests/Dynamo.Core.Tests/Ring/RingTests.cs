using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Ring;

/// <summary>Sections 4.2, 4.3, 4.6 and 6.2: tokens, partitions, preference lists, fallbacks.</summary>
public sealed class RingTests
{
    private static readonly NodeId[] Nodes = [.. Enumerable.Range(1, 5).Select(i => new NodeId($"n{i}"))];
    private static readonly HashRing Ring = HashRing.Founding(Nodes, 256, 3);

    [Fact]
    public void A_token_is_the_first_eight_bytes_of_md5_big_endian()
    {
        // md5("a") = 0cc175b9c0f1b6a831c399e269772661
        Assert.Equal(0x0cc175b9c0f1b6a8UL, StorageKey.Of("a").Token.Value);
        Assert.Equal(0x0c, Ring.PartitionOf(StorageKey.Of("a").Token));
    }

    [Fact]
    public void A_key_is_encoded_with_its_bucket_and_decoded_again()
    {
        var key = StorageKey.Of("carts", [0, 255, 10]);
        var back = StorageKey.FromEncoded(key.Encoded);
        Assert.Equal(key, back);
        Assert.Equal("carts", back.Bucket);
        Assert.Equal([0, 255, 10], back.Key.ToArray());
        Assert.NotEqual(key.Token, StorageKey.Of(StorageKey.DefaultBucket, [0, 255, 10]).Token);
        Assert.Throws<ArgumentException>(() => StorageKey.Of(new string('b', 65), "k"u8));
    }

    [Fact]
    public void Partitions_are_equal_ranges_that_cover_all_tokens()
    {
        var next = 0UL;
        for (var p = 0; p < 256; p++)
        {
            var (first, last) = Ring.Tokens(p);
            Assert.Equal(next, first.Value);
            Assert.Equal(p, Ring.PartitionOf(first));
            Assert.Equal(p, Ring.PartitionOf(last));
            next = last.Value + 1;
        }
        Assert.Equal(0UL, next);
    }

    [Fact]
    public void A_founding_ring_is_balanced_and_does_not_depend_on_the_order_of_names()
    {
        Assert.Equal(Ring, HashRing.Founding(Nodes.Reverse(), 256, 3));
        Assert.All(Nodes, n => Assert.InRange(Ring.PartitionsOwnedBy(n), 153, 154));
    }

    [Fact]
    public void Primaries_are_the_partitions_owners_and_a_walk_meets_every_node_once()
    {
        for (var p = 0; p < 256; p++)
        {
            var primaries = Ring.Primaries(p, 3).ToArray();
            Assert.Equal(Ring.Owners[p].ToArray(), primaries);
            Assert.Equal(3, primaries.Distinct().Count());
            Assert.Equal(Nodes, Ring.Walk(p).Order());
        }
    }

    [Fact]
    public void A_walk_stops_at_its_limit_even_with_as_many_owners_as_partitions()
    {
        var ring = new HashRing(1, [.. Enumerable.Range(0, HashRing.MaxPartitions).Select(p => (ImmutableArray<NodeId>)[new NodeId($"n{p}")])]);
        Assert.Equal(HashRing.MaxWalk, ring.Walk(4090).Length);
        Assert.Equal(new NodeId("n4090"), ring.Walk(4090)[0]);
    }

    [Fact]
    public void A_fallback_stands_in_for_each_primary_that_is_down()
    {
        var walk = Ring.Walk(7);
        var chosen = PreferenceList.Choose(Ring, 7, 3, n => n != walk[1]);
        Assert.Equal([new(walk[0], null), new(walk[2], null), new Participant(walk[3], walk[1])], chosen.ToArray());
        Assert.Equal(walk[4], PreferenceList.NextFallback(Ring, 7, 3, chosen, n => n != walk[1]));
        Assert.Null(PreferenceList.NextFallback(Ring, 7, 3, chosen, n => n != walk[1] && n != walk[4]));
    }

    [Fact]
    public void Primaries_take_part_themselves_when_no_fallback_is_left()
    {
        var chosen = PreferenceList.Choose(Ring, 0, 3, _ => false);
        Assert.Equal(Ring.Primaries(0, 3).ToArray(), chosen.Select(c => c.Node));
        Assert.All(chosen, c => Assert.True(c.IsPrimary));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8192)]
    public void A_ring_of_any_other_size_is_refused(int partitions) =>
        Assert.Throws<ArgumentException>(() => HashRing.Founding(Nodes, partitions, 3));
}
