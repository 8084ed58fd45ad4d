using Akka.Event;

namespace Dynamo.Actors.Storage;

/// <summary>Logs writes that a store refused, at most one line every ten seconds: a full disk must not be filled with log lines about it.</summary>
internal sealed class StoreFailures(ILoggingAdapter log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private TimeSpan _silentUntil;
    private long _unlogged;

    public void Note(StoreDone done, TimeSpan now)
    {
        if (done.Failure is not { } failure) return;
        _unlogged += done.Mutations.Count;
        if (now < _silentUntil) return;
        log.Error(failure, "{0} writes were not stored: {1}", _unlogged, failure.Message);
        (_unlogged, _silentUntil) = (0, now + Pause);
    }
}
