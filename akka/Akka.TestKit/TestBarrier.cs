namespace Akka.TestKit;

/// <summary>Lets a number of threads pass together.</summary>
public class TestBarrier
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly TestKitBase _testKit;
    private readonly Barrier _barrier;
    private readonly TimeSpan? _defaultTimeout;

    public TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
    {
        _testKit = testKit;
        _barrier = new Barrier(count);
        _defaultTimeout = defaultTimeout;
    }

    public void Await() => Await(_defaultTimeout ?? DefaultTimeout);

    /// <exception cref="TimeoutException">The others do not come in time.</exception>
    public void Await(TimeSpan timeout)
    {
        var patience = _testKit.Dilated(timeout);
        if (!_barrier.SignalAndWait(patience)) throw new TimeoutException($"The others did not reach the barrier within {patience}.");
    }
}
