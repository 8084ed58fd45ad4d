using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>Why a node does not gossip with another.</summary>
public enum Refusal : byte
{
    OtherCluster = 0,

    /// <summary>The node left or was removed: it does not come back under its name.</summary>
    Gone = 1,
}

/// <summary>Decides with whom a node gossips, and when a node that is refused by all has to end.</summary>
public sealed class Admission(string cluster)
{
    // One peer's word may be that of a plan which loses to another.
    private const int RefusalsToEnd = 5;
    private int _refusedInARow;

    /// <summary>This node is no member any more. Said once, by <see cref="Refused"/>.</summary>
    public bool IsOver { get; private set; }

    /// <param name="isAnswer">An answer in a round that this node opened: it is heard from a gone node too, which may be the one that knows that it is gone.</param>
    /// <returns>Null: the message may be heard.</returns>
    public Refusal? WhyNot(string theirCluster, NodeId from, bool isAnswer, ClusterState state) =>
        theirCluster != cluster ? Refusal.OtherCluster : !isAnswer && state.IsGoneForGood(from) ? Refusal.Gone : null;

    /// <summary>A peer's message was heard.</summary>
    public void Heard() => _refusedInARow = 0;

    /// <summary>A peer will not gossip with this node. A node that has left knows it; any other ends when for some rounds nobody took it for a member.</summary>
    /// <returns>True: the node is to end.</returns>
    public bool Refused(Refusal kind, MemberStatus own)
    {
        if (kind != Refusal.Gone || IsOver) return false;
        if (own != MemberStatus.Left && ++_refusedInARow < RefusalsToEnd) return false;
        return IsOver = true;
    }
}
