namespace Dynamo.Core.FailureDetection;

/// <summary>The settings of failure detection (`dynamo.gossip` in hocon/reference.conf).</summary>
/// <param name="Watchers">Number of peers to which a node sends its heartbeats.</param>
/// <param name="ProbePeers">Number of other peers asked to ping a silent peer.</param>
/// <param name="SpreadPeers">Number of peers to which a node passes a new suspicion at once.</param>
public sealed record DetectionRules(TimeSpan HeartbeatInterval, TimeSpan ProbeTimeout, int Watchers, int ProbePeers, int SpreadPeers)
{
    /// <summary>The interval between calls of <see cref="FailureDetector.Ticked"/>: a verdict may be late by this much.</summary>
    public TimeSpan TickInterval => HeartbeatInterval / 5;
}
