using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>What two nodes tell each other in a round: hashes first, then marks, then only what differs. Marks and differences are bounded in bytes.</summary>
/// <param name="isNew">The store of this node knows of no former life of it.</param>
public sealed class GossipExchange(int markBytes, int differenceBytes, bool isNew)
{
    // The others may know a life of this node that its store does not, until this node has told them of itself.
    private bool _isNew = isNew;
    private NodeId? _marksAfter;

    /// <summary>What answers a syn.</summary>
    /// <returns>Null: both know the same.</returns>
    public StateMarks? Answer(ulong theirHash, ClusterState state, ulong hash)
    {
        if (theirHash == hash) return null;
        // If the marks of all members do not fit, the next exchange goes on behind these.
        var marks = GossipDigest.MarksOf(state, markBytes, _marksAfter);
        _marksAfter = marks.UpTo;
        return marks;
    }

    /// <summary>This node's marks in the window of the peer's, for the difference the other way.</summary>
    public StateMarks OwnMarks(ClusterState state, StateMarks theirs) => GossipDigest.MarksOf(state, markBytes, theirs.After, theirs.UpTo);

    /// <summary>What the peer lacks, as much as fits.</summary>
    public ClusterState Difference(ClusterState state, StateMarks theirs, NodeId self)
    {
        var difference = GossipDigest.Difference(state, theirs, differenceBytes);
        _isNew &= !difference.Members.ContainsKey(self);
        return difference;
    }

    /// <summary>
    /// A node that begins with an empty store under a name that the others know lives again: they must see that it is another life.
    /// </summary>
    /// <returns>True: a life beyond the one that it began with is to begin. Said once.</returns>
    public bool MeetsFormerLife(StateMarks theirs, NodeId self)
    {
        if (!_isNew || theirs.Members.All(m => m.Id != self)) return false;
        _isNew = false;
        return true;
    }

    /// <summary>The state after a peer's difference is taken in.</summary>
    public static ClusterState Accept(ClusterState state, NodeId from, ClusterState difference) =>
        // The ring of a node that is gone for good may come from a plan that nobody else ever heard of.
        state.Merge(state.IsGoneForGood(from) ? ClusterState.Empty with { Members = difference.Members } : difference);
}
