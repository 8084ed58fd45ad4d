using System.Collections.Concurrent;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Shared;

/// <summary>
/// What requests show of the peers: whoever asks them notes it here, the gossiper collects it. A note is a flag, so that the path of requests
/// pays a look-up a batch and writes only the first of many.
/// </summary>
public sealed class PeerTraffic
{
    private readonly ConcurrentDictionary<NodeId, Notes> _peers = new();
    private volatile bool _isNoted;

    public void Note(NodeId peer, bool isAnswered)
    {
        var notes = _peers.GetOrAdd(peer, static _ => new Notes());
        if (isAnswered)
        {
            if (!notes.IsAnswered) notes.IsAnswered = true;
        }
        else
        {
            notes.IsFailed = true;
        }
        if (!_isNoted) _isNoted = true;
    }

    /// <summary>Whether anything was noted since the last call.</summary>
    public bool TakeNoted()
    {
        if (!_isNoted) return false;
        _isNoted = false;
        return true;
    }

    /// <summary>What was noted since the last call.</summary>
    public (bool IsAnswered, bool IsFailed) Take(NodeId peer)
    {
        if (!_peers.TryGetValue(peer, out var notes)) return (false, false);
        var taken = (notes.IsAnswered, notes.IsFailed);
        notes.IsAnswered = notes.IsFailed = false;
        return taken;
    }

    private sealed class Notes
    {
        public volatile bool IsAnswered;
        public volatile bool IsFailed;
    }
}
