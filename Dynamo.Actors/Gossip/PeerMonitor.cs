using System.Collections.Immutable;
using Akka.Remote;
using Dynamo.Actors.Settings;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// When each peer was last heard, and for those that this node watches a phi accrual detector. The detector learns from heartbeats, which are
/// regular; whatever else comes from a peer (gossip, answers to requests) puts suspicion off as well.
/// </summary>
internal sealed class PeerMonitor(GossipSettings settings, Func<long> clockMs)
{
    private const int Samples = 200;
    private readonly SortedDictionary<NodeId, PhiAccrualFailureDetector> _watched = [];
    private readonly Dictionary<NodeId, long> _lastHeardMs = [];
    private readonly long _toleratedMs = (long)(settings.HeartbeatInterval + settings.AcceptablePause).TotalMilliseconds;

    public void Heard(NodeId peer) => _lastHeardMs[peer] = clockMs();

    public void HeardBeat(NodeId peer)
    {
        Heard(peer);
        if (_watched.TryGetValue(peer, out var detector)) detector.HeartBeat();
    }

    public bool IsHeardSince(NodeId peer, long sinceMs) => _lastHeardMs.TryGetValue(peer, out var last) && last >= sinceMs;

    /// <summary>Within the silence that is tolerated from anyone.</summary>
    public bool IsHeardOfLate(NodeId peer) => IsHeardSince(peer, clockMs() - _toleratedMs);

    /// <summary>From now on these are watched: one that is never heard from is overdue too.</summary>
    public void Watch(ImmutableArray<Member> peers)
    {
        foreach (var dropped in _watched.Keys.Except(peers.Select(p => p.Id)).ToArray()) _watched.Remove(dropped);
        foreach (var peer in peers)
        {
            if (_watched.ContainsKey(peer.Id)) continue;
            var detector = new PhiAccrualFailureDetector(
                settings.PhiThreshold, Samples, settings.MinDeviation, settings.AcceptablePause, settings.HeartbeatInterval, () => clockMs());
            detector.HeartBeat();
            _watched[peer.Id] = detector;
        }
    }

    /// <summary>The watched peers whose heartbeat is overdue and that were silent otherwise too.</summary>
    /// <param name="patience">See <see cref="LocalHealth.Patience"/>.</param>
    public IEnumerable<NodeId> Overdue(int patience)
    {
        var since = clockMs() - (_toleratedMs * patience);
        foreach (var (peer, detector) in _watched)
            if (!detector.IsAvailable && !IsHeardSince(peer, since)) yield return peer;
    }
}
