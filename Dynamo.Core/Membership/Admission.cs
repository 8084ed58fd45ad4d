using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>The reason why a node does not gossip with another.</summary>
public enum Refusal : byte
{
    OtherCluster = 0,

    /// <summary>The node left or was removed, and does not come back under its name.</summary>
    Gone = 1,
}

/// <summary>Decides which peers a node gossips with, and when a node that all refuse must stop.</summary>
public sealed class Admission(string cluster)
{
    // A single refusal may come from a plan that loses to another.
    private const int RefusalsToEnd = 5;
    private int _refusedInARow;

    /// <summary>This node is no longer a member. <see cref="Refused"/> reports it once.</summary>
    public bool IsOver { get; private set; }

    /// <param name="isAnswer">The message answers this node's round. It is accepted from a gone node too, which may be the one that knows it is gone.</param>
    /// <returns>Null: the message is accepted.</returns>
    public Refusal? WhyNot(string theirCluster, NodeId from, bool isAnswer, ClusterState state) =>
        theirCluster != cluster ? Refusal.OtherCluster : !isAnswer && state.IsGoneForGood(from) ? Refusal.Gone : null;

    /// <summary>A peer's message was accepted.</summary>
    public void Heard() => _refusedInARow = 0;

    /// <summary>A peer refused to gossip with this node. A node that has left stops at once; any other stops after several refusals in a row.</summary>
    /// <returns>True: the node must stop.</returns>
    public bool Refused(Refusal kind, MemberStatus own)
    {
        if (kind != Refusal.Gone || IsOver) return false;
        if (own != MemberStatus.Left && ++_refusedInARow < RefusalsToEnd) return false;
        return IsOver = true;
    }
}
