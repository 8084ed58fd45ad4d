using Dynamo.Core.Ring;

namespace Dynamo.Actors.Shared;

/// <summary>
/// Outcomes of requests to peers: the coordinator records them and the gossiper collects them. No field has two writers: the coordinator counts, and
/// the gossiper remembers the count it has read, so no concurrent note is lost. A note costs the request path one look-up per batch.
/// </summary>
public sealed class PeerTraffic
{
    // Copy on write: new peers are rare.
    private volatile Dictionary<NodeId, Notes> _peers = [];
    private long _noted;
    private long _taken;

    /// <summary>Called only by the coordinator.</summary>
    public void Note(NodeId peer, bool isAnswered)
    {
        var peers = _peers;
        if (!peers.TryGetValue(peer, out var notes)) _peers = new Dictionary<NodeId, Notes>(peers) { [peer] = notes = new Notes() };
        if (isAnswered) Count(ref notes.Answers);
        else Count(ref notes.Failures);
        Count(ref _noted);
    }

    /// <summary>Whether anything was noted since the last call. Called only by the gossiper.</summary>
    public bool TakeNoted() => Take(ref _noted, ref _taken);

    /// <summary>The outcomes noted for a peer since the last call. Called only by the gossiper.</summary>
    public (bool IsAnswered, bool IsFailed) Take(NodeId peer) => _peers.TryGetValue(peer, out var notes)
        ? (Take(ref notes.Answers, ref notes.AnswersTaken), Take(ref notes.Failures, ref notes.FailuresTaken)) : (false, false);

    private static void Count(ref long counter) => Volatile.Write(ref counter, counter + 1);

    private static bool Take(ref long counter, ref long taken)
    {
        var count = Volatile.Read(ref counter);
        if (count == taken) return false;
        taken = count;
        return true;
    }

    private sealed class Notes
    {
        public long Answers;
        public long Failures;
        public long AnswersTaken;
        public long FailuresTaken;
    }
}
