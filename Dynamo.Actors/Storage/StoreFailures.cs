using Akka.Event;

namespace Dynamo.Actors.Storage;

/// <summary>Logs writes that a store refused, not each: a disk that is full must not be filled with words about it.</summary>
internal sealed class StoreFailures(ILoggingAdapter log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private TimeSpan _silentUntil;
    private long _unsaid;

    public void Note(StoreDone done, TimeSpan now)
    {
        if (done.Failure is not { } failure) return;
        _unsaid += done.Mutations.Count;
        if (now < _silentUntil) return;
        log.Error(failure, "{0} writes were not stored: {1}", _unsaid, failure.Message);
        (_unsaid, _silentUntil) = (0, now + Pause);
    }
}
