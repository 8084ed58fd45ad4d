namespace Akka.Actor.Internal;

public interface IChildStats
{
}

/// <summary>A child, and how often it was restarted in its current window of time.</summary>
public class ChildRestartStats : IChildStats
{
    public ChildRestartStats(IInternalActorRef child, uint maxNrOfRetriesCount = 0, long restartTimeWindowStartTicks = 0)
    {
        Child = child;
        MaxNrOfRetriesCount = maxNrOfRetriesCount;
        RestartTimeWindowStartTicks = restartTimeWindowStartTicks;
    }

    public IInternalActorRef Child { get; }

    public long Uid => Child.Path.Uid;

    public uint MaxNrOfRetriesCount { get; private set; }

    public long RestartTimeWindowStartTicks { get; private set; }

    internal ITimeProvider? Clock { get; init; }

    /// <summary>
    /// Counts one more restart, and tells whether it is allowed. A negative maximum or a window that is not
    /// positive means there is none; with a window alone, one restart is allowed within it.
    /// </summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0)
            return false;
        var hasWindow = withinTimeMilliseconds > 0;
        if (!hasWindow)
            return maxNrOfRetries < 0 || ++MaxNrOfRetriesCount <= maxNrOfRetries;

        var retries = maxNrOfRetries > 0 ? (uint)maxNrOfRetries : 1;
        var now = (Clock ?? DateTimeOffsetNowTimeProvider.Instance).MonotonicClock.Ticks;
        if (MaxNrOfRetriesCount == 0)
            RestartTimeWindowStartTicks = now;
        if (now - RestartTimeWindowStartTicks <= withinTimeMilliseconds * TimeSpan.TicksPerMillisecond)
            return ++MaxNrOfRetriesCount <= retries;
        MaxNrOfRetriesCount = 1;
        RestartTimeWindowStartTicks = now;
        return true;
    }
}

/// <summary>Why an actor waits for its children to stop.</summary>
public abstract class SuspendReason
{
    public interface IWaitingForChildren
    {
    }

    public class UserRequest : SuspendReason
    {
        private UserRequest()
        {
        }

        public static UserRequest Instance { get; } = new();
    }

    public class Recreation : SuspendReason, IWaitingForChildren
    {
        public Recreation(Exception cause) => Cause = cause;

        public Exception Cause { get; }
    }

    public class Creation : SuspendReason, IWaitingForChildren
    {
    }

    public class Termination : SuspendReason
    {
        private Termination()
        {
        }

        public static Termination Instance { get; } = new();
    }
}
