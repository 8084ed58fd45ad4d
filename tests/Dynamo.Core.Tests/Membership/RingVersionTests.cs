using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Membership;

/// <summary>A ring change in progress: each partition moves once all its new owners have it.</summary>
public sealed class RingVersionTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private static readonly NodeId C = new("c");
    private static readonly NodeId D = new("d");

    // Partition 0 replaces C by D, partition 1 replaces both B and C, 2 and 3 keep their owners.
    private static readonly RingVersion Change = new(
        Table(1, [A, B, C], [A, B, C], [A, B, C], [A, B, C]), Table(2, [A, B, D], [A, D, new("e")], [A, B, C], [C, B, A]), 7,
        new[] { A, B, C, D, new NodeId("e") }.ToImmutableSortedDictionary(n => n, _ => MemberStatus.Up));

    [Fact]
    public void The_old_owners_serve_until_every_new_one_has_the_partition()
    {
        Assert.Equal([A, B, C], Change.Serving.Owners[0].AsEnumerable());
        Assert.Equal([D], Change.Incoming(0).AsEnumerable());
        var after = Change.With(D, 0).With(D, 1);
        Assert.Equal([A, B, D], after.Serving.Owners[0].AsEnumerable());
        Assert.Empty(after.Incoming(0));
        Assert.Equal([A, B, C], after.Serving.Owners[1].AsEnumerable());
        Assert.Equal([D, new NodeId("e")], after.Incoming(1).AsEnumerable());
        Assert.False(after.IsSettled);
    }

    [Fact]
    public void A_new_order_of_the_same_owners_takes_effect_at_once() => Assert.Equal([C, B, A], Change.Serving.Owners[3].AsEnumerable());

    [Fact]
    public void It_is_settled_when_all_partitions_have_moved()
    {
        var after = Change.With(D, 0).With(D, 1).With(new NodeId("e"), 1);
        Assert.True(after.IsSettled);
        Assert.Equal(after.To, after.Serving);
    }

    [Fact]
    public void Reports_merge_and_those_of_a_losing_plan_are_dropped()
    {
        var other = new RingVersion(Change.From, Change.To, 9, Change.Standings).With(D, 1);
        Assert.Equal(Change.With(D, 0).With(D, 1), Change.With(D, 0).Merge(Change.With(D, 1)));
        Assert.Equal(other, Change.With(D, 0).Merge(other));
        Assert.Equal(other, other.Merge(Change.With(D, 0)));
    }

    [Fact]
    public void A_node_may_know_of_a_plan_before_it_has_received_anything()
    {
        Assert.True(Change.KnownBy(B).Reports.ContainsKey(B));
        Assert.Equal(Change.With(B, 2), Change.With(B, 2).KnownBy(B));
    }

    private static HashRing Table(long epoch, params ImmutableArray<NodeId>[] owners) => new(epoch, [.. owners]);
}
