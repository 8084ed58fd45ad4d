using System.Diagnostics;

namespace Akka.Remote;

/// <summary>A monotonic clock in milliseconds; only differences of its values mean something.</summary>
public delegate long Clock();

/// <summary>Judges from the heartbeats of one watched resource whether it is still there.</summary>
public abstract class FailureDetector
{
    public static readonly Clock DefaultClock = () => (long)Stopwatch.GetElapsedTime(0).TotalMilliseconds;

    protected FailureDetector()
    {
    }

    /// <summary>True while the resource is believed to be up, and before its first heartbeat.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>True once the first heartbeat has come.</summary>
    public abstract bool IsMonitoring { get; }

    public abstract void HeartBeat();
}
