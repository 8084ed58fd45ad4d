using System.Collections.Immutable;
using Dynamo.Core.Buckets;

namespace Dynamo.Core.Versioning;

/// <summary>The content of a put (or delete). The parameters of <see cref="Sibling"/> describe the rest.</summary>
/// <param name="Context">The writes that the writer has seen.</param>
public sealed record Write(
    CausalContext Context, ReadOnlyMemory<byte> Value, bool IsTombstone, ulong WriteId, long TimestampMs, long ExpiresMs = 0, bool IsTyped = false);

/// <summary>
/// A dotted version vector set: the siblings of one key and the exact set of writes they descend from (sections 4.4 and 4.5 of the paper).
/// <see cref="Merge"/> is commutative, associative and idempotent, so replicas that exchange sets in any order become equal.
/// </summary>
public sealed class VersionSet : IEquatable<VersionSet>
{
    /// <summary>Approximate bytes of a sibling beside its value.</summary>
    public const int SiblingBytes = 32;

    private const int DotBytes = 16;

    public static readonly VersionSet Empty = new(CausalContext.Empty, []);

    public VersionSet(CausalContext clock, ImmutableArray<Sibling> siblings)
    {
        Clock = clock;
        Siblings = siblings;
    }

    /// <summary>Every write this set has seen: its siblings' dots and all that they replaced.</summary>
    public CausalContext Clock { get; }

    /// <summary>Sorted by dot.</summary>
    public ImmutableArray<Sibling> Siblings { get; }

    public bool IsEmpty => Clock.IsEmpty;

    /// <summary>Bytes of all values together.</summary>
    public long ValueBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var sibling in Siblings) bytes += sibling.Value.Length;
            return bytes;
        }
    }

    /// <summary>Approximate bytes of the set in its binary form, names of writes included.</summary>
    public long Bytes => ValueBytes + ((long)SiblingBytes * Siblings.Length) + (DotBytes * (Clock.Vector.Length + (2L * Clock.Cloud.Length)));

    /// <summary>True when all siblings are tombstones.</summary>
    public bool IsDeleted => Siblings.All(s => s.IsTombstone);

    /// <summary>True when no sibling has a value, or none has one any more.</summary>
    public bool IsGone(long nowMs) => !Siblings.Any(s => s.IsLive(nowMs));

    public bool HasExpired(long nowMs) => Siblings.Any(s => s.IsExpired(nowMs));

    /// <summary>The set with expired siblings turned into tombstones; the same object when there are none.</summary>
    public VersionSet WithoutExpired(long nowMs) =>
        !HasExpired(nowMs) ? this : new VersionSet(Clock, [.. Siblings.Select(s => s.IsExpired(nowMs) ? s.Buried() : s)]);

    /// <summary>
    /// Applies a put under a dot that this set's store has just minted. The put replaces what its context saw, and nothing else.
    /// A put that is here already (same write id) changes nothing.
    /// </summary>
    public VersionSet Put(Write write, Dot dot)
    {
        if (Holding(write.WriteId) is not null) return this;
        var kept = Siblings.RemoveAll(s => write.Context.Covers(s.Dot));
        var sibling = new Sibling(dot, write.Value, write.IsTombstone, write.WriteId, write.TimestampMs, write.ExpiresMs, write.IsTyped);
        return new VersionSet(Clock.Join(write.Context).With(dot), Insert(kept, sibling));
    }

    /// <summary>The sibling that this write made, if it is still here.</summary>
    public Sibling? Holding(ulong writeId) => writeId == 0 ? null : Siblings.FirstOrDefault(s => s.WriteId == writeId);

    /// <summary>Keeps what both hold, and what one holds and the other has not seen; drops what the other has seen replaced.</summary>
    public VersionSet Merge(VersionSet other, ConflictMode mode = ConflictMode.Siblings)
    {
        if (mode == ConflictMode.LastWriteWins) return MergeLast(other);
        if (ReferenceEquals(this, other) || other.IsEmpty) return this;
        if (IsEmpty) return other;
        if (Clock.Equals(other.Clock) && Siblings.Length == other.Siblings.Length && Equals(other)) return this;

        var merged = ImmutableArray.CreateBuilder<Sibling>(Siblings.Length + other.Siblings.Length);
        foreach (var mine in Siblings)
            if (other.Has(mine.Dot) || !other.Clock.Covers(mine.Dot)) merged.Add(mine);
        var kept = merged.Count;
        foreach (var theirs in other.Siblings)
            if (!Has(theirs.Dot) && !Clock.Covers(theirs.Dot)) merged.Add(theirs);

        // The same object shows the store that nothing changed, so it has nothing to write.
        if (kept == Siblings.Length && merged.Count == kept && Clock.Covers(other.Clock)) return this;
        merged.Sort(static (a, b) => a.Dot.CompareTo(b.Dot));
        return new VersionSet(Clock.Join(other.Clock), merged.ToImmutable());
    }

    /// <summary>For a last-write-wins bucket: keeps the sibling with the latest timestamp (of equal ones, the one with the greater dot).</summary>
    public VersionSet LastWriteOnly() => Siblings.Length <= 1 ? this : new VersionSet(Clock, [Last(Siblings)]);

    /// <summary>The context of a writer after a put with this context made the dot here. It covers all replaced writes, so that contexts stay small.</summary>
    /// <remarks>A node that still holds a replaced write loses nothing by it: the write that replaced it is on its way, or known to the writer.</remarks>
    public CausalContext SeenBy(CausalContext context, Dot dot)
    {
        var seen = Clock;
        foreach (var sibling in Siblings)
            if (sibling.Dot != dot && !context.Covers(sibling.Dot)) seen = seen.Without(sibling.Dot);
        return seen.Covers(context) ? seen : seen.Join(context);
    }

    /// <summary>True when merging <paramref name="other"/> into this set would change nothing.</summary>
    public bool Includes(VersionSet other) => Clock.Covers(other.Clock) && Merge(other).Equals(this);

    public bool Equals(VersionSet? other) =>
        other is not null && Clock.Equals(other.Clock) && Siblings.AsSpan().SequenceEqual(other.Siblings.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as VersionSet);

    public override int GetHashCode() => HashCode.Combine(Clock, Siblings.Length);

    public override string ToString() => $"{Clock} [{string.Join(' ', Siblings.Select(s => s.IsTombstone ? $"{s.Dot}†" : s.Dot.ToString()))}]";

    // A register: the clocks must not decide, since the other side's winner may have replaced the loser on this side.
    private VersionSet MergeLast(VersionSet other)
    {
        if (ReferenceEquals(this, other) || other.IsEmpty) return this;
        var all = Siblings.AddRange(other.Siblings);
        var clock = Clock.Join(other.Clock);
        if (all.IsEmpty) return new VersionSet(clock, []);
        var last = Last(all);
        return Siblings.Length == 1 && Siblings[0].Dot == last.Dot && clock.Equals(Clock) ? this : new VersionSet(clock, [last]);
    }

    private static Sibling Last(ImmutableArray<Sibling> siblings) => siblings.MaxBy(s => (s.TimestampMs, s.Dot))!;

    private bool Has(Dot dot)
    {
        foreach (var s in Siblings)
            if (s.Dot == dot) return true;
        return false;
    }

    private static ImmutableArray<Sibling> Insert(ImmutableArray<Sibling> siblings, Sibling added)
    {
        var at = 0;
        while (at < siblings.Length && siblings[at].Dot.CompareTo(added.Dot) < 0) at++;
        return siblings.Insert(at, added);
    }
}
