using Dynamo.Core.Background;

namespace Dynamo.Core.Tests.Background;

/// <summary>Section 6.5 of the paper: background work takes what the foreground leaves.</summary>
public class PaceControllerTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly PaceController _controller = new(TimeSpan.FromMilliseconds(50));

    [Fact]
    public void Without_requests_background_work_has_its_full_pace()
    {
        _controller.Tick();
        Assert.Equal(Pace.Full, _controller.Pace);
        Assert.Equal(Pause, _controller.Pace.Stretch(Pause));
    }

    [Fact]
    public void Slow_requests_halve_its_share_down_to_an_eighth_and_quick_ones_bring_it_back()
    {
        foreach (var share in new[] { 1.0 / 2, 1.0 / 4, 1.0 / 8, 1.0 / 8 })
        {
            Pass(requestMs: 100);
            Assert.Equal(share, _controller.Pace.Share);
            Assert.Equal(Pause / share, _controller.Pace.Stretch(Pause));
        }
        Assert.InRange(_controller.Pace.P99Ms, 100, 145);
        // The slow ones count for as long as they are in the window.
        for (var i = 0; i < 30; i++) Pass(requestMs: 1);
        Assert.Equal(1, _controller.Pace.Share);
    }

    [Fact]
    public void A_pace_that_was_read_does_not_change()
    {
        var before = _controller.Pace;
        Pass(requestMs: 100);
        Assert.Equal(Pace.Full, before);
        Assert.NotEqual(before, _controller.Pace);
    }

    private void Pass(int requestMs)
    {
        for (var i = 0; i < 100; i++) _controller.Record(TimeSpan.FromMilliseconds(requestMs));
        _controller.Tick();
    }
}
