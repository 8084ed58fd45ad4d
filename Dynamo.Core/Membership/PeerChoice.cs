using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>Chooses a node's gossip peers among the members that are not gone.</summary>
public static class PeerChoice
{
    // One round in this many asks a seed too, so that two halves that formed apart find each other.
    private const int SeedEvery = 10;

    /// <summary>
    /// The reachable peer of a round, and sometimes one that is believed down, more often the more of them there are: so a healed network
    /// partition or a resumed node comes back by itself. The cluster as a whole tries a single such node about once a round.
    /// </summary>
    public static (Member? Peer, Member? Lost) OfRound(ImmutableArray<Member> peers, Func<NodeId, bool> isUnreachable, Random random)
    {
        var lost = peers.Count(p => isUnreachable(p.Id));
        var reachable = peers.Length - lost;
        var peer = reachable > 0 ? peers.Where(p => !isUnreachable(p.Id)).ElementAt(random.Next(reachable)) : null;
        var tried = lost > 0 && random.Next(reachable + 1) < lost ? peers.Where(p => isUnreachable(p.Id)).ElementAt(random.Next(lost)) : null;
        return (peer, tried);
    }

    /// <summary>The seed to ask in this round too: always when this node is alone, or seems to be.</summary>
    public static NodeAddress? Seed(ImmutableArray<NodeAddress> seeds, bool isAlone, Random random) =>
        seeds.IsEmpty || (!isAlone && random.Next(SeedEvery) > 0) ? null : seeds[random.Next(seeds.Length)];

    /// <summary>Up to <paramref name="count"/> different reachable peers, at random.</summary>
    public static ImmutableArray<Member> Some(ImmutableArray<Member> peers, int count, Func<NodeId, bool> isUnreachable, Random random)
    {
        var reachable = peers.Where(p => !isUnreachable(p.Id)).ToArray();
        count = Math.Min(count, reachable.Length);
        for (var i = 0; i < count; i++)
        {
            var other = random.Next(i, reachable.Length);
            (reachable[i], reachable[other]) = (reachable[other], reachable[i]);
        }
        return [.. reachable[..count]];
    }

    /// <summary>The members as a circle of names: a node's watchers are the members after it, and it watches those before it.</summary>
    public static (ImmutableArray<Member> Watchers, ImmutableArray<Member> Watched) Neighbours(IReadOnlyList<Member> circle, NodeId self, int count)
    {
        var place = circle.TakeWhile(m => m.Id != self).Count();
        if (place == circle.Count) return ([], []);
        count = Math.Min(count, circle.Count - 1);
        return (
            [.. Enumerable.Range(1, count).Select(step => circle[(place + step) % circle.Count])],
            [.. Enumerable.Range(1, count).Select(step => circle[(place + circle.Count - step) % circle.Count])]);
    }
}
