using Dynamo.Core.Ring;

namespace Dynamo.Actors.Shared;

/// <summary>
/// What requests show of the peers: the coordinator, which asks them, notes it here, and the gossiper collects it. No field has two writers: the coordinator
/// counts, and the gossiper remembers up to where it has read, so nothing that is noted meanwhile is lost. A note costs the path of requests a look-up a batch.
/// </summary>
public sealed class PeerTraffic
{
    // Replaced, never changed: a peer that is new to the coordinator is rare.
    private volatile Dictionary<NodeId, Notes> _peers = [];
    private long _noted;
    private long _taken;

    /// <summary>For the coordinator alone.</summary>
    public void Note(NodeId peer, bool isAnswered)
    {
        var peers = _peers;
        if (!peers.TryGetValue(peer, out var notes)) _peers = new Dictionary<NodeId, Notes>(peers) { [peer] = notes = new Notes() };
        if (isAnswered) Count(ref notes.Answers);
        else Count(ref notes.Failures);
        Count(ref _noted);
    }

    /// <summary>Whether anything was noted since the last call. For the gossiper alone.</summary>
    public bool TakeNoted() => Take(ref _noted, ref _taken);

    /// <summary>What was noted since the last call. For the gossiper alone.</summary>
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
