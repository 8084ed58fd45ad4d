using System.Collections.Immutable;

namespace Dynamo.Core.Versioning;

/// <summary>What a put (or delete) brings to a version set.</summary>
public sealed record Write(CausalContext Context, ReadOnlyMemory<byte> Value, bool IsTombstone, ulong WriteId, long TimestampMs);

/// <summary>
/// A dotted version vector set: the siblings of one key and the exact set of writes they descend from (sections 4.4 and 4.5 of the paper).
/// <see cref="Merge"/> is commutative, associative and idempotent, so replicas that exchange sets in any order become equal.
/// </summary>
public sealed class VersionSet : IEquatable<VersionSet>
{
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

    /// <summary>True when there is nothing but tombstones to see.</summary>
    public bool IsDeleted => Siblings.All(s => s.IsTombstone);

    /// <summary>
    /// A put under a dot that this set's store has just minted: it replaces what its context saw, and nothing else.
    /// A put that is here already (same write id) changes nothing.
    /// </summary>
    public VersionSet Put(Write write, Dot dot)
    {
        if (Holding(write.WriteId) is not null) return this;
        var kept = Siblings.RemoveAll(s => write.Context.Covers(s.Dot));
        var sibling = new Sibling(dot, write.Value, write.IsTombstone, write.WriteId, write.TimestampMs);
        return new VersionSet(Clock.Join(write.Context).With(dot), Insert(kept, sibling));
    }

    /// <summary>The sibling that this write made, if it is still here.</summary>
    public Sibling? Holding(ulong writeId) => writeId == 0 ? null : Siblings.FirstOrDefault(s => s.WriteId == writeId);

    /// <summary>Keeps what both hold, and what one holds and the other has not seen; drops what the other has seen replaced.</summary>
    public VersionSet Merge(VersionSet other)
    {
        if (ReferenceEquals(this, other) || other.IsEmpty) return this;
        if (IsEmpty) return other;
        if (Clock.Equals(other.Clock) && Siblings.Length == other.Siblings.Length && Equals(other)) return this;

        var merged = ImmutableArray.CreateBuilder<Sibling>(Siblings.Length + other.Siblings.Length);
        foreach (var mine in Siblings)
            if (other.Has(mine.Dot) || !other.Clock.Covers(mine.Dot)) merged.Add(mine);
        var kept = merged.Count;
        foreach (var theirs in other.Siblings)
            if (!Has(theirs.Dot) && !Clock.Covers(theirs.Dot)) merged.Add(theirs);

        // The same object says that nothing changed: the store then has nothing to write.
        if (kept == Siblings.Length && merged.Count == kept && Clock.Covers(other.Clock)) return this;
        merged.Sort(static (a, b) => a.Dot.CompareTo(b.Dot));
        return new VersionSet(Clock.Join(other.Clock), merged.ToImmutable());
    }

    /// <summary>
    /// For a last-write-wins bucket: one sibling stays, that with the latest timestamp (the greater dot of two equal ones). The
    /// clock still covers the losers, so every replica drops them.
    /// </summary>
    public VersionSet LastWriteOnly()
    {
        if (Siblings.Length <= 1) return this;
        var last = Siblings.MaxBy(s => (s.TimestampMs, s.Dot))!;
        return new VersionSet(Clock, [last]);
    }

    /// <summary>True when merging <paramref name="other"/> into this set would change nothing.</summary>
    public bool Includes(VersionSet other) => Clock.Covers(other.Clock) && Merge(other).Equals(this);

    public bool Equals(VersionSet? other) =>
        other is not null && Clock.Equals(other.Clock) && Siblings.AsSpan().SequenceEqual(other.Siblings.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as VersionSet);

    public override int GetHashCode() => HashCode.Combine(Clock, Siblings.Length);

    public override string ToString() => $"{Clock} [{string.Join(' ', Siblings.Select(s => s.IsTombstone ? $"{s.Dot}†" : s.Dot.ToString()))}]";

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
