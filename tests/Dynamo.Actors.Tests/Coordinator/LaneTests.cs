using Dynamo.Actors.Coordinator;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

public sealed class LaneTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);
    private readonly Lane<string> _lane = new(Given.N2, new LaneLimits(Items: 5, BatchBytes: 4, Window: 1, MaxWait), item => item.Length);
    private readonly List<Lane<string>.Batch> _inFlight = [];

    [Fact]
    public void A_lone_item_goes_at_once()
    {
        Assert.False(_lane.IsReady(TimeSpan.Zero));
        Assert.True(_lane.TryAdd("a", Purpose.Mending.Instance));
        Assert.True(_lane.IsReady(TimeSpan.Zero));
        Assert.Equal(["a"], Drained(TimeSpan.Zero));
        Assert.False(_lane.IsReady(TimeSpan.Zero));
    }

    [Fact]
    public void While_a_batch_is_in_flight_the_next_one_gathers()
    {
        _lane.TryAdd("a", Purpose.Mending.Instance);
        Drained(TimeSpan.Zero);
        _lane.TryAdd("b", Purpose.Mending.Instance);
        _lane.TryAdd("c", Purpose.Mending.Instance);
        Assert.False(_lane.IsReady(TimeSpan.FromMilliseconds(1)));
        Complete(0);
        Assert.True(_lane.IsReady(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(["bc"], Drained(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_slow_batch_does_not_hold_up_the_others()
    {
        _lane.TryAdd("a", Purpose.Mending.Instance);
        Drained(TimeSpan.Zero);
        _lane.TryAdd("b", Purpose.Mending.Instance);
        Assert.False(_lane.IsReady(MaxWait - TimeSpan.FromTicks(1)));
        Assert.True(_lane.IsReady(MaxWait));
        Assert.Equal(["b"], Drained(MaxWait));
        // Both are in flight: the window opens when both are back.
        _lane.TryAdd("c", Purpose.Mending.Instance);
        Complete(0);
        Assert.False(_lane.IsReady(MaxWait));
        Complete(1);
        Assert.True(_lane.IsReady(MaxWait));
    }

    [Fact]
    public void Batches_are_bounded_in_bytes_and_the_lane_in_items()
    {
        foreach (var item in new[] { "aa", "bb", "ccccccc", "d", "e" }) Assert.True(_lane.TryAdd(item, Purpose.Mending.Instance));
        Assert.False(_lane.TryAdd("f", Purpose.Mending.Instance));
        Assert.Equal(["aabb", "ccccccc", "de"], Drained(TimeSpan.Zero));
        Assert.False(_lane.TryAdd("f", Purpose.Mending.Instance));
        Complete(2);
        Assert.True(_lane.TryAdd("f", Purpose.Mending.Instance));
    }

    [Fact]
    public void A_batch_returns_the_purposes_of_its_items_once()
    {
        var purposes = Enumerable.Range(0, 3).Select(_ => new Purpose.Mending()).ToArray();
        foreach (var purpose in purposes) _lane.TryAdd("a", purpose);
        Drained(TimeSpan.Zero);
        Assert.Equal(purposes, _inFlight[0].Complete());
        Assert.Contains("node n2", Assert.Throws<InvalidOperationException>(() => _inFlight[0].Complete()).Message, StringComparison.Ordinal);
        // The second call returned nothing: the limit is still five items.
        for (var i = 0; i < 5; i++) Assert.True(_lane.TryAdd("a", purposes[0]));
        Assert.False(_lane.TryAdd("a", purposes[0]));
    }

    private void Complete(int batch) => _inFlight[batch].Complete();

    private List<string> Drained(TimeSpan now)
    {
        var drained = new List<string>();
        _lane.Drain(now, batch =>
        {
            _inFlight.Add(batch);
            drained.Add(string.Concat(batch.Items));
        });
        return drained;
    }
}
