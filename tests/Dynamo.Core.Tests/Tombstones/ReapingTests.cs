using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Tombstones;
using static Dynamo.Core.Tests.AntiEntropy.Clusters;

namespace Dynamo.Core.Tests.Tombstones;

/// <summary>The first primary reaps a tombstone when all members agree. Nodes n1 to n4 are members; N is 2.</summary>
public sealed class ReapingTests
{
    private const ulong Digest = 7;
    private static readonly StorageKey Key = StorageKey.Of("k");

    [Theory]
    [InlineData("n1 7, n2 7, n3 0, n4 0", true)]
    [InlineData("n1 7, n2 8, n3 0, n4 0", false)] // a primary holds something else
    [InlineData("n1 7, n2 0, n3 0, n4 0", false)] // a primary holds nothing
    [InlineData("n1 7, n2 7, n3 7, n4 0", false)] // a former owner holds a copy
    [InlineData("n1 7, n2 7, n3 0, n4 0 hint", false)]
    [InlineData("n1 7, n2 7 hint, n3 0, n4 0", false)]
    [InlineData("n1 7, n3 0, n4 0", false)] // a primary did not answer
    public void A_tombstone_is_removed_when_primaries_hold_it_and_nobody_else_holds_anything(string answers, bool isAgreed) =>
        Assert.Equal(isAgreed, Of(View(Settled)).IsAgreed(Key, Digest, Read(answers)));

    [Fact]
    public void Reaping_needs_a_settled_ring_and_every_member()
    {
        Assert.True(Of(View(Settled)).IsPossible);
        Assert.False(Of(View(Settled, N4)).IsPossible);
        Assert.False(Of(View(Change(Table(1, "n1 n2"), Table(2, "n1 n3")))).IsPossible);
        Assert.False(Of(View(RingVersion.Founding(Table(1, "n1 n9")))).IsPossible);
        Assert.False(Of(View(RingVersion.None)).IsPossible);
    }

    [Fact]
    public void The_first_primary_reaps()
    {
        Assert.True(Of(View(Settled)).IsFirstPrimary(Key));
        Assert.False(Of(View(RingVersion.Founding(Table(1, "n2 n1")))).IsFirstPrimary(Key));
    }

    private static RingVersion Settled => RingVersion.Founding(Table(1, "n1 n2"));

    private static Reaping Of(ClusterView view) => new(view, Bucket(2));

    private static Dictionary<NodeId, HeldKey> Read(string answers) => answers.Split(", ").Select(a => a.Split(' '))
        .ToDictionary(a => new NodeId(a[0]), a => new HeldKey(ulong.Parse(a[1]), a.Length > 2));
}
