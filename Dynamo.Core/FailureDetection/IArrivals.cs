using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>When each peer was last heard, and whether the heartbeats of those that this node watches are overdue. Times are the detector's, in milliseconds awake.</summary>
public interface IArrivals
{
    /// <summary>From now on these are watched: one that is never heard from is overdue too.</summary>
    void Watch(ImmutableArray<NodeId> peers, long nowMs);

    void Heard(NodeId peer, long nowMs);

    void HeardBeat(NodeId peer, long nowMs);

    bool IsHeardSince(NodeId peer, long sinceMs);

    /// <summary>Within the silence that is tolerated from anyone.</summary>
    bool IsHeardOfLate(NodeId peer, long nowMs);

    /// <summary>The watched peers whose heartbeat is overdue and that were silent otherwise too.</summary>
    /// <param name="multiplier">See <see cref="LocalHealth.Multiplier"/>.</param>
    IReadOnlyList<NodeId> Overdue(int multiplier, long nowMs);
}
