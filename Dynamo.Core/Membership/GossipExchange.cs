using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>One node's side of gossip exchanges: hashes first, then marks, then only the differences. Marks and differences are bounded in bytes.</summary>
/// <param name="isNew">This node's store knows of no earlier life of the node.</param>
public sealed class GossipExchange(int markBytes, int differenceBytes, bool isNew)
{
    // Until this node has told the others about itself, they may know an earlier life of it that its store does not.
    private bool _isNew = isNew;
    private NodeId? _marksAfter;

    /// <summary>The answer to a syn.</summary>
    /// <returns>Null: both states are equal.</returns>
    public StateMarks? Answer(ulong theirHash, ClusterState state, ulong hash)
    {
        if (theirHash == hash) return null;
        // If the marks of all members do not fit, the next exchange goes on after these.
        var marks = GossipDigest.MarksOf(state, markBytes, _marksAfter);
        _marksAfter = marks.UpTo;
        return marks;
    }

    /// <summary>This node's marks in the peer's window, for the difference the other way.</summary>
    public StateMarks OwnMarks(ClusterState state, StateMarks theirs) => GossipDigest.MarksOf(state, markBytes, theirs.After, theirs.UpTo);

    /// <summary>The part of the state that the peer lacks, as much as fits.</summary>
    public ClusterState Difference(ClusterState state, StateMarks theirs, NodeId self)
    {
        var difference = GossipDigest.Difference(state, theirs, differenceBytes);
        _isNew &= !difference.Members.ContainsKey(self);
        return difference;
    }

    /// <summary>
    /// Whether the peer knows an earlier life of this node. A node that starts with an empty store under a known name must show that it is a new life.
    /// </summary>
    /// <returns>True, only once: the node must begin an incarnation above the one it started with.</returns>
    public bool MeetsFormerLife(StateMarks theirs, NodeId self)
    {
        if (!_isNew || theirs.Members.All(m => m.Id != self)) return false;
        _isNew = false;
        return true;
    }

    /// <summary>Merges a peer's difference into the state.</summary>
    public static ClusterState Accept(ClusterState state, NodeId from, ClusterState difference) =>
        // The ring of a node that is gone for good may come from a plan that no other node ever received.
        state.Merge(state.IsGoneForGood(from) ? ClusterState.Empty with { Members = difference.Members } : difference);
}
