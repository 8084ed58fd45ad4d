using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

public enum ProbeVerdict
{
    /// <summary>An answer may still come.</summary>
    Pending,

    /// <summary>It answered this node.</summary>
    Alive,

    /// <summary>It did not answer this node but another, or was heard without having answered.</summary>
    AliveElsewhere,

    /// <summary>It answered nobody, and of the others that were asked to look at least half say so; or there is no other to ask.</summary>
    Silent,

    /// <summary>Most of those who were asked to look did not answer either: this node may be the one that is cut off or slow.</summary>
    NobodyAnswers,
}

/// <summary>
/// The confirmation before a peer is believed down (SWIM): a ping of one's own, and at the same time k others are asked to ping it. The answers
/// are sets: one that comes twice cannot count twice.
/// </summary>
/// <param name="PingDeadlineMs">Until then the peer may answer this node.</param>
/// <param name="DeadlineMs">Until then the helpers may: they wait as long for the peer themselves.</param>
public sealed record Probe(NodeId Target, long Number, long BeganMs, long PingDeadlineMs, long DeadlineMs, ImmutableSortedSet<NodeId> Helpers)
{
    public bool IsAnswered { get; private init; }

    public ImmutableSortedSet<NodeId> Saw { get; private init; } = [];

    public ImmutableSortedSet<NodeId> Missed { get; private init; } = [];

    /// <summary>Helpers that said nothing at all.</summary>
    public int Mute => Helpers.Count - Saw.Count - Missed.Count;

    public static Probe Begin(NodeId target, long number, long nowMs, long timeoutMs, IEnumerable<NodeId> helpers) =>
        new(target, number, nowMs, nowMs + timeoutMs, nowMs + (2 * timeoutMs), [.. helpers]);

    public Probe Answered() => this with { IsAnswered = true };

    public Probe HelperSaid(NodeId helper, bool isAlive) =>
        !Helpers.Contains(helper) || Saw.Contains(helper) || Missed.Contains(helper) ? this
        : isAlive ? this with { Saw = Saw.Add(helper) } : this with { Missed = Missed.Add(helper) };

    /// <param name="isHeardSince">Something came from the target since the probe began.</param>
    /// <param name="isHeardOfLate">The target was heard from within the silence that is tolerated from anyone: it may be slow to answer, and is not down yet.</param>
    public ProbeVerdict At(long nowMs, bool isHeardSince = false, bool isHeardOfLate = false)
    {
        if (IsAnswered) return ProbeVerdict.Alive;
        if (nowMs < PingDeadlineMs) return ProbeVerdict.Pending;
        if (!Saw.IsEmpty || isHeardSince) return ProbeVerdict.AliveElsewhere;
        if (isHeardOfLate || (Mute > 0 && nowMs < DeadlineMs)) return ProbeVerdict.Pending;
        return Helpers.IsEmpty || Missed.Count >= Math.Max(1, Mute) ? ProbeVerdict.Silent : ProbeVerdict.NobodyAnswers;
    }
}
