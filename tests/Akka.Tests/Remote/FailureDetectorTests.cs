using Akka.Remote;

namespace Akka.Tests.Remote;

public class FailureDetectorTests
{
    private long _now = 1_000;

    [Fact]
    public void A_phi_detector_trusts_what_it_never_heard_of()
    {
        var detector = Phi();

        Assert.True(detector.IsAvailable);
        Assert.False(detector.IsMonitoring);
    }

    [Fact]
    public void A_phi_detector_suspects_a_silence_that_does_not_fit_the_rhythm()
    {
        var detector = Phi();
        Beat(detector, 1000, 20);

        _now += 1500;
        Assert.True(detector.IsAvailable);
        _now += 2500;
        Assert.False(detector.IsAvailable);
        Assert.True(detector.IsMonitoring);
    }

    [Fact]
    public void A_phi_detector_forgives_the_acceptable_pause()
    {
        var detector = Phi(pauseSeconds: 5);
        Beat(detector, 1000, 20);

        _now += 5_500;
        Assert.True(detector.IsAvailable);
        _now += 4_000;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void A_phi_detector_trusts_again_who_comes_back()
    {
        var detector = Phi();
        Beat(detector, 1000, 20);
        _now += 10_000;
        Assert.False(detector.IsAvailable);

        detector.HeartBeat();

        Assert.True(detector.IsAvailable);
        // The outage was no sample of the rhythm: the next one is found out as soon.
        Beat(detector, 1000, 5);
        _now += 4_000;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void A_phi_detector_learns_a_slower_rhythm()
    {
        var detector = Phi(samples: 10);
        Beat(detector, 1000, 10);
        for (var interval = 1100; interval <= 3000; interval += 100)
            Beat(detector, interval, 3);

        _now += 3_500;
        Assert.True(detector.IsAvailable);
    }

    [Theory]
    [InlineData(0, 10, 100, 0, 1000)]
    [InlineData(8, 0, 100, 0, 1000)]
    [InlineData(8, 10, 0, 0, 1000)]
    [InlineData(8, 10, 100, -1, 1000)]
    [InlineData(8, 10, 100, 0, 0)]
    public void A_phi_detector_refuses_settings_out_of_range(double threshold, int samples, int deviation, int pause, int first) =>
        Assert.ThrowsAny<ArgumentException>(() => new PhiAccrualFailureDetector(threshold, samples, TimeSpan.FromMilliseconds(deviation),
            TimeSpan.FromMilliseconds(pause), TimeSpan.FromMilliseconds(first), Clock));

    [Fact]
    public void A_deadline_detector_suspects_at_its_deadline()
    {
        var detector = new DeadlineFailureDetector(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), Clock);
        Assert.True(detector.IsAvailable);
        Assert.False(detector.IsMonitoring);

        detector.HeartBeat();

        _now += 3_999;
        Assert.True(detector.IsAvailable);
        _now += 2;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void A_registry_judges_each_resource_by_itself()
    {
        var registry = new DefaultFailureDetectorRegistry<string>(() => new DeadlineFailureDetector(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), Clock));
        Assert.True(registry.IsAvailable("a"));
        Assert.False(registry.IsMonitoring("a"));

        registry.Heartbeat("a");
        _now += 1_500;
        registry.Heartbeat("b");
        _now += 1_000;

        Assert.False(registry.IsAvailable("a"));
        Assert.True(registry.IsAvailable("b"));
        registry.Remove("a");
        Assert.True(registry.IsAvailable("a"));
        Assert.False(registry.IsMonitoring("a"));
        registry.Reset();
        Assert.False(registry.IsMonitoring("b"));
    }

    private PhiAccrualFailureDetector Phi(int pauseSeconds = 0, int samples = 100) => new(8, samples, TimeSpan.FromMilliseconds(100),
        TimeSpan.FromSeconds(pauseSeconds), TimeSpan.FromSeconds(1), Clock);

    private void Beat(FailureDetector detector, int intervalMillis, int times)
    {
        for (var i = 0; i < times; i++)
        {
            detector.HeartBeat();
            _now += intervalMillis;
        }
        detector.HeartBeat();
    }

    private long Clock() => _now;
}
