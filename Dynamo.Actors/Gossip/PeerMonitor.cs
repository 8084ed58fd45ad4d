using Akka.Remote;
using Dynamo.Actors.Settings;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Gossip;

/// <summary>This node's opinion of its peers: a phi accrual detector each, fed by whatever is heard from them.</summary>
internal sealed class PeerMonitor(GossipSettings settings, Func<long> clockMs)
{
    private const int Samples = 200;
    private readonly Dictionary<NodeId, PhiAccrualFailureDetector> _detectors = [];

    /// <summary>Anything came from the peer: it was alive a moment ago.</summary>
    public void Heard(NodeId peer)
    {
        if (!_detectors.TryGetValue(peer, out var detector))
            _detectors[peer] = detector = new PhiAccrualFailureDetector(
                settings.PhiThreshold, Samples, settings.MinDeviation, settings.AcceptablePause, settings.HeartbeatInterval, () => clockMs());
        detector.HeartBeat();
    }

    /// <summary>A peer that was never heard from counts as reachable: nothing is known against it.</summary>
    public bool IsReachable(NodeId peer) => !_detectors.TryGetValue(peer, out var detector) || detector.IsAvailable;

    /// <summary>Begins to expect the peer: if it is never heard from, it becomes unreachable.</summary>
    public void Expect(NodeId peer)
    {
        if (!_detectors.ContainsKey(peer)) Heard(peer);
    }

    public void Forget(NodeId peer) => _detectors.Remove(peer);
}
