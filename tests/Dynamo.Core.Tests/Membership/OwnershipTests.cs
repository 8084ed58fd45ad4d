using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using static Dynamo.Core.Tests.AntiEntropy.Clusters;

namespace Dynamo.Core.Tests.Membership;

/// <summary>A key's owners are the first N nodes of its partition's walk, with its bucket's N: here 2, except 1 for "narrow" and 3 for "wide".</summary>
public sealed class OwnershipTests
{
    private static readonly StorageKey Usual = StorageKey.Of("k");
    private static readonly StorageKey Narrow = StorageKey.Of("narrow", "k"u8);
    private static readonly StorageKey Wide = StorageKey.Of("wide", "k"u8);

    [Theory]
    [InlineData("n1 n2 n3", true, true, true)]
    [InlineData("n2 n1 n3", false, true, true)]
    [InlineData("n2 n3 n1", false, false, true)]
    [InlineData("n2 n3 n4", false, false, false)]
    public void A_keys_owners_depend_on_its_buckets_n(string owners, bool narrow, bool usual, bool wide)
    {
        var ownership = Owners(View(RingVersion.Founding(Table(1, owners))));
        Assert.Equal((narrow, usual, wide), (ownership.IsOwner(N1, 0, Narrow), ownership.IsOwner(N1, 0, Usual), ownership.IsOwner(N1, 0, Wide)));
        Assert.Equal(wide, ownership.IsOwner(N1, 0));
        Assert.Equal(wide, ownership.IsMine(0));
        Assert.Equal(wide && !narrow, ownership.IsOwnerOfSomeOnly(0));
    }

    [Fact]
    public void A_node_beyond_the_largest_n_is_compared_with_if_the_ring_lists_it()
    {
        var listed = Owners(View(RingVersion.Founding(Table(1, "n2 n3 n4 n1"))));
        Assert.True(listed.IsInList(0));
        Assert.False(listed.IsOwner(N1, 0));
        Assert.False(Owners(View(RingVersion.Founding(Table(1, "n2 n3 n4")))).IsInList(0));
        // The list of partition 0 does not name n1, but its walk reaches n1.
        Assert.True(Owners(View(RingVersion.Founding(Table(1, "n2 n3", "n1 n2")))).IsInList(0));
    }

    [Fact]
    public void Two_nodes_share_the_keys_that_both_own()
    {
        var ownership = Owners(View(RingVersion.Founding(Table(1, "n2 n1 n3 n4"))));
        Assert.True(ownership.AreBothOwners(N2, Usual));
        Assert.False(ownership.AreBothOwners(N2, Narrow));
        Assert.False(ownership.AreBothOwners(N3, Usual));
        Assert.True(ownership.AreBothOwners(N3, Wide));
        Assert.False(ownership.AreBothOwners(N4, Wide));
    }

    [Fact]
    public void An_incoming_owner_shares_everything_that_an_owner_owns()
    {
        var ownership = Owners(View(Change(Table(1, "n2 n3"), Table(2, "n1 n2"))));
        Assert.True(ownership.IsIncoming(0) && ownership.IsMine(0));
        Assert.True(ownership.AreBothOwners(N2, Usual));
        Assert.True(ownership.AreBothOwners(N2, Narrow));
        Assert.False(ownership.AreBothOwners(N3, Narrow));
        Assert.False(ownership.IsOwnerOfSomeOnly(0));
    }

    [Fact]
    public void An_incoming_owner_is_to_own_the_keys_whose_new_list_names_it()
    {
        var ownership = Owners(View(Change(Table(1, "n2 n3"), Table(2, "n2 n1"))));
        Assert.True(ownership.IsToOwn(0, Usual));
        Assert.True(ownership.IsToOwn(0, Wide));
        Assert.False(ownership.IsToOwn(0, Narrow));
    }

    [Fact]
    public void Owners_that_do_not_answer_are_named()
    {
        var ownership = Owners(View(RingVersion.Founding(Table(1, "n1 n2 n3")), N3, N4));
        Assert.Equal([N1, N2, N3], ownership.Owners(0).ToArray());
        Assert.Equal([N3], ownership.Silent(0).ToArray());
    }
}
