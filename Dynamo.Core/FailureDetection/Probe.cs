using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

public enum ProbeVerdict
{
    /// <summary>An answer may still come.</summary>
    Pending,

    /// <summary>The peer answered this node.</summary>
    Alive,

    /// <summary>The peer did not answer this node, but it answered another or was heard from.</summary>
    AliveElsewhere,

    /// <summary>The peer answered nobody, and at least half of the helpers confirm that; or there are no helpers.</summary>
    Silent,

    /// <summary>Most helpers did not answer either: this node may be the one that is cut off or slow.</summary>
    NobodyAnswers,
}

/// <summary>
/// The check before a peer is believed down (SWIM): this node pings it, and at the same time asks k helpers to ping it. Answers are sets, so a
/// repeated answer counts once.
/// </summary>
/// <param name="PingDeadlineMs">The deadline for the peer's answer to this node.</param>
/// <param name="DeadlineMs">The deadline for the helpers, which wait as long for the peer themselves.</param>
public sealed record Probe(NodeId Target, long Number, long BeganMs, long PingDeadlineMs, long DeadlineMs, ImmutableSortedSet<NodeId> Helpers)
{
    public bool IsAnswered { get; private init; }

    public ImmutableSortedSet<NodeId> Saw { get; private init; } = [];

    public ImmutableSortedSet<NodeId> Missed { get; private init; } = [];

    /// <summary>The number of helpers that reported nothing at all.</summary>
    public int Mute => Helpers.Count - Saw.Count - Missed.Count;

    public static Probe Begin(NodeId target, long number, long nowMs, long timeoutMs, IEnumerable<NodeId> helpers) =>
        new(target, number, nowMs, nowMs + timeoutMs, nowMs + (2 * timeoutMs), [.. helpers]);

    public Probe Answered() => this with { IsAnswered = true };

    public Probe HelperSaid(NodeId helper, bool isAlive) =>
        !Helpers.Contains(helper) || Saw.Contains(helper) || Missed.Contains(helper) ? this
        : isAlive ? this with { Saw = Saw.Add(helper) } : this with { Missed = Missed.Add(helper) };

    /// <param name="isHeardSince">A message came from the target since the probe began.</param>
    /// <param name="isHeardOfLate">The target was heard from within the silence tolerated from any peer: it may be slow, but is not down yet.</param>
    public ProbeVerdict At(long nowMs, bool isHeardSince = false, bool isHeardOfLate = false)
    {
        if (IsAnswered) return ProbeVerdict.Alive;
        if (nowMs < PingDeadlineMs) return ProbeVerdict.Pending;
        if (!Saw.IsEmpty || isHeardSince) return ProbeVerdict.AliveElsewhere;
        if (isHeardOfLate || (Mute > 0 && nowMs < DeadlineMs)) return ProbeVerdict.Pending;
        return Helpers.IsEmpty || Missed.Count >= Math.Max(1, Mute) ? ProbeVerdict.Silent : ProbeVerdict.NobodyAnswers;
    }
}
