using Dynamo.Actors.Coordinator;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

public sealed class LaneTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);
    private readonly Lane<string> _lane = new(Given.N2, new LaneLimits(Items: 5, BatchBytes: 4, Window: 1, MaxWait), item => item.Length);

    [Fact]
    public void A_lone_item_goes_at_once()
    {
        Assert.False(_lane.IsReady(TimeSpan.Zero));
        Assert.True(_lane.TryAdd("a", Tag.None));
        Assert.True(_lane.IsReady(TimeSpan.Zero));
        Assert.Equal(["a"], Drained(TimeSpan.Zero));
        Assert.False(_lane.IsReady(TimeSpan.Zero));
    }

    [Fact]
    public void While_a_batch_is_under_way_the_next_one_gathers()
    {
        _lane.TryAdd("a", Tag.None);
        Drained(TimeSpan.Zero);
        _lane.TryAdd("b", Tag.None);
        _lane.TryAdd("c", Tag.None);
        Assert.False(_lane.IsReady(TimeSpan.FromMilliseconds(1)));
        _lane.Returned(1);
        Assert.True(_lane.IsReady(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(["bc"], Drained(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_batch_that_takes_long_holds_up_no_other()
    {
        _lane.TryAdd("a", Tag.None);
        Drained(TimeSpan.Zero);
        _lane.TryAdd("b", Tag.None);
        Assert.False(_lane.IsReady(MaxWait - TimeSpan.FromTicks(1)));
        Assert.True(_lane.IsReady(MaxWait));
        Assert.Equal(["b"], Drained(MaxWait));
        // Both are under way: the window opens when both are back.
        _lane.TryAdd("c", Tag.None);
        _lane.Returned(1);
        Assert.False(_lane.IsReady(MaxWait));
        _lane.Returned(1);
        Assert.True(_lane.IsReady(MaxWait));
    }

    [Fact]
    public void Batches_are_bounded_in_bytes_and_the_lane_in_items()
    {
        foreach (var item in new[] { "aaa", "bbb", "ccccccc", "d", "e" }) Assert.True(_lane.TryAdd(item, Tag.None));
        Assert.False(_lane.TryAdd("f", Tag.None));
        Assert.Equal(["aaabbb", "ccccccc", "de"], Drained(TimeSpan.Zero));
        Assert.False(_lane.TryAdd("f", Tag.None));
        _lane.Returned(2);
        Assert.True(_lane.TryAdd("f", Tag.None));
    }

    private List<string> Drained(TimeSpan now) => [.. _lane.Drain(now).Select(batch => string.Concat(batch.Items))];
}
