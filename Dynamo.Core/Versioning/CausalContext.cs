using System.Collections.Immutable;

namespace Dynamo.Core.Versioning;

/// <summary>
/// An exact set of dots: for each tenure all dots up to a count (the version vector of the paper's section 4.4), and the
/// few dots that are known without their predecessors. It never claims a dot that was not seen, and is never pruned.
/// </summary>
public sealed class CausalContext : IEquatable<CausalContext>
{
    public static readonly CausalContext Empty = new([], []);

    private CausalContext(ImmutableArray<Dot> vector, ImmutableArray<Dot> cloud)
    {
        Vector = vector;
        Cloud = cloud;
    }

    /// <summary>Sorted; one entry a tenure: every dot of it from 1 to the entry's count is in the set.</summary>
    public ImmutableArray<Dot> Vector { get; }

    /// <summary>Sorted; single dots beyond the vector's entry for their tenure.</summary>
    public ImmutableArray<Dot> Cloud { get; }

    public bool IsEmpty => Vector.IsEmpty && Cloud.IsEmpty;

    /// <summary>Makes a context of any entries, in any order: overlaps are folded away.</summary>
    public static CausalContext Of(IEnumerable<Dot> vector, IEnumerable<Dot> cloud)
    {
        var counts = new SortedDictionary<Tenure, long>();
        foreach (var entry in vector)
            if (entry.Count > 0 && entry.Count > counts.GetValueOrDefault(entry.Tenure)) counts[entry.Tenure] = entry.Count;
        return Normal(counts, new SortedSet<Dot>(cloud));
    }

    public bool Covers(Dot dot) => dot.Count <= CountOf(dot.Tenure) || Cloud.BinarySearch(dot) >= 0;

    /// <summary>The count up to which every dot of the tenure is in the set; 0 for a tenure it has not met.</summary>
    public long CountOf(Tenure tenure)
    {
        // A key has about as many tenures as replicas: a scan of three entries beats a search.
        foreach (var entry in Vector)
            if (entry.Tenure == tenure) return entry.Count;
        return 0;
    }

    public bool Covers(CausalContext other)
    {
        foreach (var entry in other.Vector)
        {
            var count = CountOf(entry.Tenure);
            for (var missing = count + 1; missing <= entry.Count; missing++)
                if (Cloud.BinarySearch(new Dot(entry.Tenure, missing)) < 0) return false;
        }
        foreach (var dot in other.Cloud)
            if (!Covers(dot)) return false;
        return true;
    }

    public CausalContext With(Dot dot)
    {
        if (Covers(dot)) return this;
        if (Cloud.IsEmpty && dot.Count == CountOf(dot.Tenure) + 1) return new CausalContext(Advance(Vector, dot), Cloud);
        return Of(Vector, Cloud.Add(dot));
    }

    public CausalContext Join(CausalContext other)
    {
        if (ReferenceEquals(this, other) || other.IsEmpty) return this;
        if (IsEmpty) return other;
        if (Equals(other)) return this;
        return Of(Vector.Concat(other.Vector), Cloud.Concat(other.Cloud));
    }

    public bool Equals(CausalContext? other) =>
        other is not null && Vector.AsSpan().SequenceEqual(other.Vector.AsSpan()) && Cloud.AsSpan().SequenceEqual(other.Cloud.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as CausalContext);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in Vector) hash.Add(entry);
        foreach (var dot in Cloud) hash.Add(dot);
        return hash.ToHashCode();
    }

    public override string ToString() =>
        $"{{{string.Join(' ', Vector)}{(Cloud.IsEmpty ? "" : " + " + string.Join(' ', Cloud))}}}";

    private static ImmutableArray<Dot> Advance(ImmutableArray<Dot> vector, Dot dot)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i].Tenure == dot.Tenure) return vector.SetItem(i, dot);
            if (vector[i].Tenure.CompareTo(dot.Tenure) > 0) return vector.Insert(i, dot);
        }
        return vector.Add(dot);
    }

    private static CausalContext Normal(SortedDictionary<Tenure, long> counts, SortedSet<Dot> cloud)
    {
        var apart = ImmutableArray.CreateBuilder<Dot>();
        foreach (var dot in cloud)
        {
            var count = counts.GetValueOrDefault(dot.Tenure);
            if (dot.Count <= count) continue;
            if (dot.Count == count + 1) counts[dot.Tenure] = dot.Count;
            else apart.Add(dot);
        }
        return new CausalContext([.. counts.Select(c => new Dot(c.Key, c.Value))], apart.ToImmutable());
    }
}
