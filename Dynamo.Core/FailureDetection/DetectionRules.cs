namespace Dynamo.Core.FailureDetection;

/// <summary>The settings that failure detection goes by (`dynamo.gossip` in hocon/reference.conf).</summary>
/// <param name="Watchers">How many peers each node sends its heartbeats to.</param>
/// <param name="ProbePeers">Others that are asked to ping a silent peer.</param>
/// <param name="SpreadPeers">Peers that are told of a suspicion at once by each node to which it is new.</param>
public sealed record DetectionRules(TimeSpan HeartbeatInterval, TimeSpan ProbeTimeout, int Watchers, int ProbePeers, int SpreadPeers)
{
    /// <summary>How often <see cref="FailureDetector.Ticked"/> is called: a verdict may be so late.</summary>
    public TimeSpan TickInterval => HeartbeatInterval / 5;
}
