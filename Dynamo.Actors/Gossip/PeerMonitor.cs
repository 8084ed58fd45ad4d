using System.Collections.Immutable;
using Akka.Remote;
using Dynamo.Actors.Settings;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Tracks when each peer was last heard, with Akka's phi accrual detector for the peers that this node watches. The detector learns only from heartbeats,
/// which are regular; other messages from a peer (gossip, answers to requests) delay suspicion as well.
/// </summary>
internal sealed class PeerMonitor(GossipSettings settings) : IArrivals
{
    private const int Samples = 200;
    private readonly SortedDictionary<NodeId, PhiAccrualFailureDetector> _watched = [];
    private readonly Dictionary<NodeId, long> _lastHeardMs = [];
    private readonly long _toleratedMs = (long)(settings.HeartbeatInterval + settings.AcceptablePause).TotalMilliseconds;

    // The clock that Akka's detectors read.
    private long _nowMs;

    public void Watch(ImmutableArray<NodeId> peers, long nowMs)
    {
        _nowMs = nowMs;
        foreach (var dropped in _watched.Keys.Except(peers).ToArray()) _watched.Remove(dropped);
        foreach (var peer in peers)
        {
            if (_watched.ContainsKey(peer)) continue;
            var detector = new PhiAccrualFailureDetector(
                settings.PhiThreshold, Samples, settings.MinDeviation, settings.AcceptablePause, settings.HeartbeatInterval, () => _nowMs);
            detector.HeartBeat();
            _watched[peer] = detector;
        }
    }

    public void Heard(NodeId peer, long nowMs) => _lastHeardMs[peer] = nowMs;

    public void HeardBeat(NodeId peer, long nowMs)
    {
        _nowMs = nowMs;
        Heard(peer, nowMs);
        if (_watched.TryGetValue(peer, out var detector)) detector.HeartBeat();
    }

    public bool IsHeardSince(NodeId peer, long sinceMs) => _lastHeardMs.TryGetValue(peer, out var last) && last >= sinceMs;

    public bool IsHeardOfLate(NodeId peer, long nowMs) => IsHeardSince(peer, nowMs - _toleratedMs);

    public IReadOnlyList<NodeId> Overdue(int multiplier, long nowMs)
    {
        _nowMs = nowMs;
        var since = nowMs - (_toleratedMs * multiplier);
        return [.. _watched.Where(w => !w.Value.IsAvailable && !IsHeardSince(w.Key, since)).Select(w => w.Key)];
    }
}
