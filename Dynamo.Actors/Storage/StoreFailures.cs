using Akka.Event;
using Dynamo.Core.Storage;

namespace Dynamo.Actors.Storage;

/// <summary>
/// Writes that the node's store refuses: logged when that begins, once a minute while it lasts, and when it ends, since a full disk must not be filled with log
/// lines about it. The node keeps it; the actors that write report to the node (<see cref="StoreReports"/>).
/// </summary>
internal sealed class StoreFailures(ILoggingAdapter log, IStorageEngine engine)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private TimeSpan _silentUntil;
    private long _unlogged;
    private bool _isLogged;
    private string _now = "";
    private long _lastCommit;

    /// <summary>Why the disk takes no writes now; empty: it does, as far as known.</summary>
    /// <remarks>Actors that do not report write too, and a commit of theirs is as good.</remarks>
    public string Now => engine.LastCommit == _lastCommit ? _now : "";

    public void Note(StoreDone done, TimeSpan now)
    {
        if (done.Failure is { } failure) Failed(failure, done.Mutations.Count, now);
        else if (_isLogged || _now.Length > 0) Succeeded();
    }

    private void Failed(Exception failure, int writes, TimeSpan now)
    {
        // Any other failure is of one record, or of a limit that the next write may meet.
        if (failure is StoreException { IsOfDisk: true }) (_now, _lastCommit) = (failure.Message, engine.LastCommit);
        _unlogged += writes;
        if (now < _silentUntil) return;
        log.Error(failure is StoreException ? null : failure, "{0} writes were not stored: {1}", _unlogged, failure.Message);
        (_unlogged, _silentUntil, _isLogged) = (0, now + Pause, true);
    }

    private void Succeeded()
    {
        if (_isLogged) log.Info("writes are stored again; {0} more were not", _unlogged);
        (_unlogged, _isLogged, _now) = (0, false, "");
    }
}
