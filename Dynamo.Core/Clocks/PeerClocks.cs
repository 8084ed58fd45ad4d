using Dynamo.Core.Ring;

namespace Dynamo.Core.Clocks;

/// <summary>A node's wall clock began to differ from the others' by more than the limit, or agrees with them again.</summary>
/// <param name="LeadMs">How far it is ahead of the median of all known clocks; negative: behind.</param>
public readonly record struct ClockNews(NodeId Node, long LeadMs, bool IsOff);

/// <summary>
/// The wall clocks of the cluster as one node measures them, in the answers to its gossip. The median of all, its own included, counts as the time: a minority
/// whose clocks are wrong cannot shift it.
/// </summary>
/// <param name="maxSkew">
/// A clock that is farther than this from the median is off, until it is back within half of it: one at the limit is not reported again and again.
/// </param>
public sealed class PeerClocks(NodeId self, TimeSpan maxSkew)
{
    /// <summary>The last millisecond of the year 9999, counted from 1970. A clock that a peer tells may be any number, and counts as this at most.</summary>
    public const long LastMs = 253_402_300_799_999;

    private readonly long _maxMs = (long)maxSkew.TotalMilliseconds;
    private readonly SortedDictionary<NodeId, long> _aheadMs = new() { [self] = 0 };
    private readonly HashSet<NodeId> _off = [];

    /// <summary>How far this node's own clock is ahead of the median; negative: behind.</summary>
    public long OwnLeadMs { get; private set; }

    /// <summary>This node's own clock is off.</summary>
    public bool IsOwnOff => _off.Contains(self);

    /// <summary>A peer answered.</summary>
    /// <param name="askedMs">This node's clock when it asked.</param>
    /// <param name="answeredMs">The peer's clock when it answered: half a round trip before <paramref name="nowMs"/>, give or take as much.</param>
    /// <param name="nowMs">This node's clock now.</param>
    public IReadOnlyList<ClockNews> Measured(NodeId peer, long askedMs, long answeredMs, long nowMs)
    {
        var roundTripMs = nowMs - askedMs;
        // A longer one says too little: the error may be as large as what it is to find. A negative one: this node's clock was set back meanwhile.
        if (peer == self || roundTripMs < 0 || roundTripMs > _maxMs) return [];
        _aheadMs[peer] = Math.Clamp(answeredMs, 0, LastMs) - (askedMs + (roundTripMs / 2));
        return Judge();
    }

    /// <summary>Forgets the clocks of nodes that are gone or cannot be reached: nobody knows what they show now.</summary>
    public IReadOnlyList<ClockNews> Keep(Func<NodeId, bool> isThere)
    {
        var gone = _aheadMs.Keys.Where(node => node != self && !isThere(node)).ToArray();
        foreach (var node in gone)
        {
            _aheadMs.Remove(node);
            _off.Remove(node);
        }
        return gone.Length > 0 ? Judge() : [];
    }

    private List<ClockNews> Judge()
    {
        var medianMs = Median([.. _aheadMs.Values.Order()]);
        OwnLeadMs = -medianMs;
        var news = new List<ClockNews>();
        foreach (var (node, aheadMs) in _aheadMs)
        {
            var leadMs = aheadMs - medianMs;
            var isOff = Math.Abs(leadMs) > (_off.Contains(node) ? _maxMs / 2 : _maxMs);
            if (isOff ? _off.Add(node) : _off.Remove(node)) news.Add(new ClockNews(node, leadMs, isOff));
        }
        return news;
    }

    // Of an even number, halfway between the two in the middle: of two nodes, neither is right.
    private static long Median(long[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
