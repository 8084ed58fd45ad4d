using Akka.Event;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Shared;

/// <summary>
/// Work with other nodes that fails, and is tried again until it succeeds: logged for each node when that begins, at most once a minute while it lasts, and when
/// it ends.
/// </summary>
/// <param name="work">The work, in words that begin a sentence and end before the node.</param>
internal sealed class PeerFailures(ILoggingAdapter log, string work)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Dictionary<NodeId, Trouble> _troubles = [];

    public void Failed(NodeId peer, string cause, TimeSpan now)
    {
        if (!_troubles.TryGetValue(peer, out var trouble)) _troubles[peer] = trouble = new Trouble();
        trouble.Unlogged++;
        if (now < trouble.SilentUntil) return;
        log.Warning("{0} node {1} failed{2}: {3}. It is tried again", work, peer, trouble.Unlogged == 1 ? "" : $" {trouble.Unlogged} times", cause.ReplaceLineEndings(" "));
        (trouble.Unlogged, trouble.SilentUntil, trouble.IsLogged) = (0, now + Pause, true);
    }

    public void Succeeded(NodeId peer, TimeSpan now)
    {
        if (!_troubles.TryGetValue(peer, out var trouble)) return;
        if (trouble.IsLogged) log.Info("{0} node {1} succeeds again", work, peer);
        (trouble.Unlogged, trouble.IsLogged) = (0, false);
        // Until then it is remembered that the last line is not a minute old.
        if (now >= trouble.SilentUntil) _troubles.Remove(peer);
    }

    private sealed class Trouble
    {
        public int Unlogged { get; set; }

        public TimeSpan SilentUntil { get; set; }

        public bool IsLogged { get; set; }
    }
}
