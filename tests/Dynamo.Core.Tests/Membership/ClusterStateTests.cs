using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Tests.Membership;

/// <summary>Section 4.8: states merge to the same result in any order.</summary>
public sealed class ClusterStateTests
{
    [Fact]
    public void Merge_is_commutative_associative_and_idempotent() => Seeds.Run(500, random =>
    {
        var (a, b, c) = (Some(random), Some(random), Some(random));
        Assert.Equal(a.Merge(b), b.Merge(a));
        Assert.Equal(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
        Assert.Equal(a, a.Merge(a));
        Assert.Equal(GossipDigest.HashOf(a.Merge(b)), GossipDigest.HashOf(b.Merge(a)));
    });

    [Fact]
    public void A_push_pull_round_makes_both_sides_equal() => Seeds.Run(300, random =>
    {
        var (a, b) = (Some(random), Some(random));
        var toA = GossipDigest.Difference(b, GossipDigest.MarksOf(a));
        var toB = GossipDigest.Difference(a, GossipDigest.MarksOf(b));
        Assert.Equal(a.Merge(toA), b.Merge(toB));
        Assert.Empty(GossipDigest.Difference(a, GossipDigest.MarksOf(a)).Members);
    });

    [Fact]
    public void A_state_survives_its_binary_form() => Seeds.Run(300, random =>
    {
        var state = Some(random);
        var writer = new ByteWriter();
        StateCodec.Write(writer, state);
        var reader = new ByteReader(writer.ToArray());
        Assert.Equal(state, StateCodec.ReadState(ref reader));
        reader.End();
    });

    [Fact]
    public void A_removed_node_stays_removed_whatever_it_gossips_later()
    {
        var removed = Node("a", 1, MemberStatus.Removed);
        Assert.Equal(MemberStatus.Removed, Member.Later(removed, Node("a", 99, MemberStatus.Up)).Status);
    }

    [Fact]
    public void The_ring_decides_a_members_status_in_every_incarnation()
    {
        var ring = RingVersion.Founding(HashRing.Founding([new("a"), new("b")], 8, 2));
        var state = ClusterState.Empty.With(Node("a", 1, MemberStatus.Removed)).With(ring).With(Node("c", 1, MemberStatus.Up));
        Assert.Equal(MemberStatus.Up, state.With(Node("a", 9, MemberStatus.Joining)).Members[new("a")].Status);
        Assert.Equal(MemberStatus.Joining, state.Members[new("c")].Status);
        Assert.Equal(MemberStatus.Left, state.With(Node("a", 1, MemberStatus.Left)).With(Node("a", 2, MemberStatus.Up)).Members[new("a")].Status);
    }

    [Fact]
    public void Founders_with_different_lists_of_founders_end_with_one_ring()
    {
        var (two, three) = (RingVersion.Founding(HashRing.Founding([new("a"), new("b")], 8, 2)), RingVersion.Founding(HashRing.Founding([new("a"), new("c")], 8, 2)));
        Assert.Equal(two.Merge(three), three.Merge(two));
        var wider = RingVersion.Founding(HashRing.Founding([new("a"), new("b")], 16, 2));
        Assert.Equal(two.Merge(wider), wider.Merge(two));
        var deeper = RingVersion.Founding(HashRing.Founding([new("a"), new("b"), new("c")], 8, 3));
        Assert.Equal(deeper, three.Merge(deeper));
    }

    private static ClusterState Some(Random random)
    {
        var state = ClusterState.Empty;
        for (var i = random.Next(6); i > 0; i--) state = state.With(Node($"n{random.Next(4)}", random.Next(3), (MemberStatus)random.Next(5), random.Next(1, 3)));
        if (random.Next(2) == 0)
            state = state.With(Ring(random));
        if (random.Next(2) == 0)
            state = state.With("b", new BucketEntry(random.Next(3), BucketOptions.Default with { WarnSiblings = random.Next(1, 4) }));
        if (random.Next(2) == 0) state = state.Stage(new NodeId($"n{random.Next(4)}"), (ChangeKind)random.Next(5));
        return state;
    }

    // Different tables never share both epoch and plan id: the id is drawn for the plan.
    private static RingVersion Ring(Random random)
    {
        var plan = random.Next(1, 4);
        var tables = new Random(plan);
        var ring = new RingVersion(Table(tables, plan), Table(tables, 1 + plan), (ulong)plan,
            Enumerable.Range(0, 3).ToImmutableSortedDictionary(n => new NodeId($"n{n}"), _ => (MemberStatus)random.Next((int)MemberStatus.Left)));
        for (var i = random.Next(5); i > 0; i--) ring = ring.With(new NodeId($"n{random.Next(4)}"), random.Next(8));
        return ring;
    }

    private static HashRing Table(Random random, long epoch) => new(
        epoch, [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 4).Select(n => new NodeId($"n{n}")).OrderBy(_ => random.Next()).Take(3).ToImmutableArray())]);

    private static Member Node(string name, long incarnation, MemberStatus status, int weight = 1) =>
        new(new NodeId(name), new NodeAddress("127.0.0.1", 7100), incarnation, status, "", weight);
}
