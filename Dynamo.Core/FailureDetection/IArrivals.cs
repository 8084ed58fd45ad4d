using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>Tracks when each peer was last heard from, and whose heartbeats are overdue. Times are the detector's, in milliseconds awake.</summary>
public interface IArrivals
{
    /// <summary>Watches these peers from now on; one that is never heard from becomes overdue too.</summary>
    void Watch(ImmutableArray<NodeId> peers, long nowMs);

    void Heard(NodeId peer, long nowMs);

    void HeardBeat(NodeId peer, long nowMs);

    bool IsHeardSince(NodeId peer, long sinceMs);

    /// <summary>Whether the peer was heard from within the silence tolerated from any peer.</summary>
    bool IsHeardOfLate(NodeId peer, long nowMs);

    /// <summary>The watched peers whose heartbeat is overdue and that sent nothing else either.</summary>
    /// <param name="multiplier">See <see cref="LocalHealth.Multiplier"/>.</param>
    IReadOnlyList<NodeId> Overdue(int multiplier, long nowMs);
}
