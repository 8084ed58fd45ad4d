using Dynamo.Core.Clocks;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Clocks;

public sealed class PeerClocksTests
{
    private const long Hour = 3_600_000;
    private const long NowMs = 10 * Hour;
    private static readonly NodeId Self = new("n1");
    private readonly HashSet<NodeId> _off = [];
    private readonly PeerClocks _clocks = new(Self, TimeSpan.FromMilliseconds(500));

    /// <summary>How far each peer's clock is ahead of n1's; how far n1 finds itself ahead of the median, and which clocks it finds off.</summary>
    [Theory]
    [InlineData("n2=0 n3=10 n4=-10 n5=0", 0, "")]
    [InlineData("n2=0 n3=0 n4=0 n5=3600000", 0, "n5")]
    [InlineData("n2=3600000 n3=3600000 n4=3600000 n5=3600000", -3600000, "n1")]
    [InlineData("n2=-3600000 n3=-3599990", 3599990, "n1")]
    [InlineData("n2=600", -300, "")]
    [InlineData("n2=2000", -1000, "n1 n2")]
    [InlineData("n2=0 n3=500", 0, "")]
    [InlineData("n2=0 n3=501", 0, "n3")]
    [InlineData("n2=0 n3=9223372036854775807", 0, "n3")]
    [InlineData("n2=0 n3=-9223372036854775808", 0, "n3")]
    public void The_median_of_all_clocks_is_the_time(string ahead, long ownLeadMs, string off)
    {
        foreach (var word in ahead.Split(' ')) Measure(new NodeId(word[..2]), long.Parse(word[3..]));
        Assert.Equal((ownLeadMs, off), (_clocks.OwnLeadMs, string.Join(' ', _off.Order())));
        Assert.Equal(_off.Contains(Self), _clocks.IsOwnOff);
    }

    [Fact]
    public void Half_of_the_round_trip_is_allowed_for_and_a_long_one_is_not_counted()
    {
        _clocks.Measured(new("n2"), askedMs: 1000, answeredMs: 1200, nowMs: 1400);
        _clocks.Measured(new("n3"), askedMs: 1000, answeredMs: 1200, nowMs: 1400);
        Assert.Equal(0, _clocks.OwnLeadMs);
        foreach (var peer in (string[])["n2", "n3", "n4"]) Assert.Empty(_clocks.Measured(new(peer), askedMs: 1000, answeredMs: 1000 + Hour, nowMs: 1501));
        // This node's clock was set back meanwhile, or the question came from a former version.
        Assert.Empty(_clocks.Measured(new("n4"), askedMs: 1000, answeredMs: Hour, nowMs: 999));
        Assert.Empty(_clocks.Measured(new("n4"), askedMs: 0, answeredMs: Hour, nowMs: Hour));
        Assert.Equal(0, _clocks.OwnLeadMs);
    }

    [Fact]
    public void A_clock_is_reported_once_when_it_is_off_and_once_when_it_agrees_again()
    {
        foreach (var peer in (string[])["n2", "n3", "n4"]) Measure(new(peer), 0);
        Assert.Equal([new ClockNews(new("n4"), 600, IsOff: true)], Measure(new("n4"), 600));
        Assert.Empty(Measure(new("n4"), 700));
        Assert.Empty(Measure(new("n4"), 400));
        Assert.Equal([new ClockNews(new("n4"), 250, IsOff: false)], Measure(new("n4"), 250));
        Assert.Empty(Measure(new("n4"), 400));
    }

    [Fact]
    public void The_clocks_of_nodes_that_are_gone_are_forgotten()
    {
        foreach (var peer in (string[])["n2", "n3", "n4"]) Measure(new(peer), Hour);
        Assert.True(_clocks.IsOwnOff);
        Assert.Equal([new ClockNews(Self, 0, IsOff: false)], _clocks.Keep(_ => false));
        Assert.Equal((0, false), (_clocks.OwnLeadMs, _clocks.IsOwnOff));
        Assert.Empty(_clocks.Keep(_ => false));
    }

    private IReadOnlyList<ClockNews> Measure(NodeId peer, long aheadMs)
    {
        var news = _clocks.Measured(peer, NowMs, Math.Abs((decimal)aheadMs) > Hour ? aheadMs : NowMs + aheadMs, NowMs);
        foreach (var (node, _, isOff) in news) Assert.True(isOff ? _off.Add(node) : _off.Remove(node), $"{node} was reported twice");
        return news;
    }
}
