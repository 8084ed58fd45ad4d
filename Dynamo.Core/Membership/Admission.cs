using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>The reason why a node does not gossip with another.</summary>
public enum Refusal : byte
{
    OtherCluster = 0,

    /// <summary>The node left or was removed, and does not come back under its name.</summary>
    Gone = 1,

    /// <summary>`dynamo.cluster.secret` differs.</summary>
    OtherSecret = 2,

    /// <summary>The node's version of the protocol is too old.</summary>
    OtherProtocol = 3,

    /// <summary>A setting differs that must not; see <see cref="Agreement"/>.</summary>
    OtherSettings = 4,

    /// <summary>Another live node has the name.</summary>
    NameTaken = 5,

    /// <summary>The node is known by an address that leads to it only on its own machine.</summary>
    OutOfReach = 6,
}

/// <summary>Decides which peers a node gossips with, and when a node that all refuse must stop.</summary>
/// <param name="settings">This node's, to be compared with each peer's.</param>
public sealed class Admission(string cluster, ClusterSeal seal, ImmutableArray<AgreedSetting> settings)
{
    // A single refusal may come from a plan that loses to another.
    private const int RefusalsToEnd = 5;

    private const int RoundsToBeAlone = 10;

    // A stranger that keeps changing its name must not fill the memory.
    private const int MaxDiffering = 1000;
    private readonly Dictionary<NodeId, long> _differing = [];
    private int _refusedInARow;
    private int _rounds;
    private bool _isAnswered;

    /// <summary>This node is no longer a member. <see cref="Refused"/> reports it once.</summary>
    public bool IsOver { get; private set; }

    /// <summary>This node's claim to its name.</summary>
    public NameClaim Claim => _isAnswered ? NameClaim.Member : _rounds >= RoundsToBeAlone ? NameClaim.Alone : NameClaim.Begun;

    /// <param name="isAnswer">The message answers this node's round. It is accepted from a gone node too, which may be the one that knows it is gone.</param>
    /// <returns>Null: the message is accepted.</returns>
    public Refusal? WhyNot(Origin from, bool isAnswer, ClusterState state)
    {
        if (from.Cluster != cluster) return Refusal.OtherCluster;
        if (from.Protocol < NodeProtocol.Oldest) return Refusal.OtherProtocol;
        if (!seal.Fits(from)) return Refusal.OtherSecret;
        if (_differing.TryGetValue(from.Node, out var incarnation) && incarnation == from.Incarnation) return Refusal.OtherSettings;
        return !isAnswer && state.IsGoneForGood(from.Node) ? Refusal.Gone : null;
    }

    /// <summary>
    /// Compares a peer's settings with this node's. If one differs that must not, <see cref="WhyNot"/> refuses everything of the peer's incarnation until its
    /// settings agree.
    /// </summary>
    public ImmutableArray<SettingDifference> Compare(Origin from, ImmutableArray<AgreedSetting> theirs)
    {
        var differences = Agreement.Compare(settings, theirs);
        if (!differences.Any(d => d.IsRefused)) _differing.Remove(from.Node);
        else if (_differing.Count < MaxDiffering || _differing.ContainsKey(from.Node)) _differing[from.Node] = from.Incarnation;
        return differences;
    }

    /// <summary>A peer's message was accepted.</summary>
    public void Heard() => _refusedInARow = 0;

    /// <summary>A peer took part in a round of this node's.</summary>
    public void Answered() => _isAnswered = true;

    public void RoundBegan() => _rounds++;

    /// <summary>A peer refused to gossip with this node. A node that has left stops at once; any other stops after several refusals in a row.</summary>
    /// <returns>True: the node must stop.</returns>
    public bool Refused(Refusal kind, MemberStatus own)
    {
        if (kind != Refusal.Gone || IsOver) return false;
        if (own != MemberStatus.Left && ++_refusedInARow < RefusalsToEnd) return false;
        return IsOver = true;
    }

    /// <summary>A peer refused this node because another live node has its name.</summary>
    /// <returns>True: the node must stop, for the other one stays.</returns>
    public bool Refused(NameHolder holder, Member self)
    {
        if (IsOver || !holder.Outranks(self, Claim)) return false;
        return IsOver = true;
    }
}
