using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>Chooses the peers of each gossip round (section 4.8 of the paper), and notes which did not answer.</summary>
public sealed class GossipRounds(TimeSpan interval, ImmutableArray<NodeAddress> seeds, Random random)
{
    private (NodeId Peer, long AtMs)? _asked;

    /// <summary>The peer of the last round, if it has not answered within half an interval. Reported once.</summary>
    public NodeId? TakeUnanswered(long nowMs)
    {
        var asked = _asked;
        _asked = null;
        return asked is { } last && nowMs - last.AtMs >= interval.TotalMilliseconds / 2 ? last.Peer : null;
    }

    /// <summary>The addresses to send a syn to, in order.</summary>
    /// <param name="peers">The members that are neither gone nor this node.</param>
    public ImmutableArray<NodeAddress> Next(ImmutableArray<Member> peers, Func<NodeId, bool> isUnreachable, ClusterState state, NodeAddress self, long nowMs)
    {
        var to = ImmutableArray.CreateBuilder<NodeAddress>();
        var (peer, lost) = PeerChoice.OfRound(peers, isUnreachable, random);
        if (peer is not null)
        {
            _asked = (peer.Id, nowMs);
            to.Add(peer.Address);
        }
        if (lost is not null) to.Add(lost.Address);
        // Two nodes that met cannot know whether others met too: until every founder is here, seeds are asked as if this node were alone.
        var isAlone = peer is null || state.Ring.Serving.Nodes.Any(state.IsUnmetOwner);
        if (PeerChoice.Seed(seeds, isAlone, random) is { } seed && seed != self) to.Add(seed);
        return to.ToImmutable();
    }

    /// <returns>Whether the node is the peer of the open round.</returns>
    public bool Answered(NodeId from)
    {
        if (_asked?.Peer != from) return false;
        _asked = null;
        return true;
    }
}
