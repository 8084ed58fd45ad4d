using System.Globalization;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Tests.Membership;

/// <summary>Two nodes bring each other up to date in messages of a bounded size.</summary>
public sealed class GossipDigestTests
{
    [Fact]
    public void Equal_states_differ_in_nothing()
    {
        var state = Of(500).With("logs", new BucketEntry(1, BucketOptions.Default));
        Assert.Equal(ClusterState.Empty, GossipDigest.Difference(state, GossipDigest.MarksOf(state)));
    }

    [Fact]
    public void Ring_and_buckets_go_only_when_they_differ()
    {
        var old = Of(3).With(RingVersion.Founding(HashRing.Founding([Id(0), Id(1)], 16, 3)));
        var state = old.With("logs", new BucketEntry(1, BucketOptions.Default));
        var difference = GossipDigest.Difference(state, GossipDigest.MarksOf(old));
        Assert.Equal(["logs"], difference.Buckets.Keys);
        Assert.Equal(RingVersion.None, difference.Ring);
        Assert.Empty(difference.Members);
        Assert.Equal(state.Ring, GossipDigest.Difference(state, GossipDigest.MarksOf(Of(3))).Ring);
    }

    [Fact]
    public void Five_hundred_members_fit_one_message_of_the_default_size()
    {
        var marks = GossipDigest.MarksOf(Of(500), 16 << 10);
        Assert.Null(marks.UpTo);
        Assert.Equal(500, marks.Members.Length);
        Assert.Equal(500, GossipDigest.Difference(Of(500), GossipDigest.MarksOf(ClusterState.Empty), 32 << 10).Members.Count);
    }

    [Theory]
    [InlineData(200, 400)]
    [InlineData(1000, 1000)]
    [InlineData(1, 1)]
    public void Changes_that_do_not_fit_go_in_the_next_rounds(int markBytes, int differenceBytes) => Seeds.Run(20, random =>
    {
        var ring = RingVersion.Founding(HashRing.Founding([Id(0), Id(1)], 8, 2));
        var (a, b) = (Part(random), Part(random).With(ring));
        var (both, rounds) = (a.Merge(b), 0);
        NodeId? after = null;
        while (GossipDigest.HashOf(a) != GossipDigest.HashOf(b))
        {
            Assert.True(++rounds < 1000, "the states do not meet");
            var marksOfB = GossipDigest.MarksOf(b, markBytes, after);
            after = marksOfB.UpTo;
            var marksOfA = GossipDigest.MarksOf(a, markBytes, marksOfB.After, marksOfB.UpTo);
            var (toB, toA) = (GossipDigest.Difference(a, marksOfB, differenceBytes), GossipDigest.Difference(b, marksOfA, differenceBytes));
            Assert.All([toA, toB], d => Assert.True(d.Members.Count <= 1 || SizeOf(d) <= differenceBytes + SizeOf(ClusterState.Empty) + 2));
            (a, b) = (a.Merge(toA), b.Merge(toB));
        }
        Assert.Equal(both, a);
    });

    private static ClusterState Part(Random random)
    {
        var state = ClusterState.Empty;
        for (var i = 0; i < 60; i++)
            if (random.Next(3) > 0) state = state.With(Node(i) with { Incarnation = random.Next(3) });
        return state;
    }

    private static ClusterState Of(int members) => Enumerable.Range(0, members).Aggregate(ClusterState.Empty, (state, i) => state.With(Node(i)));

    private static NodeId Id(int i) => new(string.Create(CultureInfo.InvariantCulture, $"node-{i:000}"));

    private static Member Node(int i) => new(Id(i), new NodeAddress("10.0.0.1", 7100 + i), 1, MemberStatus.Up, "rack-1", 1);

    private static int SizeOf(ClusterState state)
    {
        var writer = new ByteWriter();
        StateCodec.Write(writer, state);
        return writer.Length;
    }
}
