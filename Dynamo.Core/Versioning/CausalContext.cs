using System.Collections.Immutable;

namespace Dynamo.Core.Versioning;

/// <summary>
/// An exact set of dots: for each tenure all dots up to a count (the version vector of the paper's section 4.4), and the
/// runs of dots that are known without their predecessors. It never claims a dot that was not seen, and is never pruned.
/// </summary>
public sealed class CausalContext : IEquatable<CausalContext>
{
    public static readonly CausalContext Empty = new([], []);

    private CausalContext(ImmutableArray<Dot> vector, ImmutableArray<DotRun> cloud)
    {
        Vector = vector;
        Cloud = cloud;
    }

    /// <summary>Sorted; one entry per tenure: all its dots from 1 to the entry's count are in the set.</summary>
    public ImmutableArray<Dot> Vector { get; }

    /// <summary>Sorted; runs beyond the vector's entry for their tenure. No two of them touch.</summary>
    public ImmutableArray<DotRun> Cloud { get; }

    public bool IsEmpty => Vector.IsEmpty && Cloud.IsEmpty;

    /// <summary>Makes a context from any entries, in any order: overlaps are folded.</summary>
    public static CausalContext Of(IEnumerable<Dot> vector, IEnumerable<DotRun> cloud)
    {
        var runs = cloud.ToList();
        foreach (var entry in vector)
            if (entry.Count > 0) runs.Add(new DotRun(entry.Tenure, 1, entry.Count));
        runs.Sort();
        return Folded(runs);
    }

    /// <summary>As <see cref="Of"/>, but without its work if the entries are in order already, as they are on the wire.</summary>
    public static CausalContext OfSorted(ImmutableArray<Dot> vector, ImmutableArray<DotRun> cloud) =>
        cloud.IsEmpty && IsVector(vector) ? new CausalContext(vector, cloud) : Of(vector, cloud);

    public bool Covers(Dot dot)
    {
        if (dot.Count <= CountOf(dot.Tenure)) return true;
        foreach (var run in Cloud)
            if (run.Tenure == dot.Tenure && run.First <= dot.Count && dot.Count <= run.Last) return true;
        return false;
    }

    /// <summary>The count up to which every dot of the tenure is in the set; 0 for an unknown tenure.</summary>
    public long CountOf(Tenure tenure)
    {
        // A key has about as many tenures as replicas: a scan of three entries beats a search.
        foreach (var entry in Vector)
            if (entry.Tenure == tenure) return entry.Count;
        return 0;
    }

    public bool Covers(DotRun other)
    {
        // Runs do not touch, so a covered run lies wholly in one of them or in the vector's entry.
        if (other.Last <= CountOf(other.Tenure)) return true;
        foreach (var run in Cloud)
            if (run.Tenure == other.Tenure && run.First <= other.First && other.Last <= run.Last) return true;
        return false;
    }

    public bool Covers(CausalContext other)
    {
        foreach (var entry in other.Vector)
            if (entry.Count > CountOf(entry.Tenure)) return false;
        foreach (var run in other.Cloud)
            if (!Covers(run)) return false;
        return true;
    }

    public CausalContext With(Dot dot)
    {
        if (Covers(dot)) return this;
        if (Cloud.IsEmpty && dot.Count == CountOf(dot.Tenure) + 1) return new CausalContext(Advance(Vector, dot), Cloud);
        return Of(Vector, Cloud.Add(new DotRun(dot.Tenure, dot.Count, dot.Count)));
    }

    public CausalContext Join(CausalContext other)
    {
        if (ReferenceEquals(this, other) || other.IsEmpty) return this;
        if (IsEmpty) return other;
        if (Covers(other)) return this;
        if (other.Covers(this)) return other;
        return Of(Vector.Concat(other.Vector), Cloud.Concat(other.Cloud));
    }

    /// <summary>The set without one dot.</summary>
    public CausalContext Without(Dot dot) => Covers(dot) ? Without([dot]) : this;

    /// <param name="dots">Sorted.</param>
    public CausalContext Without(IEnumerable<Dot> dots)
    {
        var runs = Vector.Select(v => new DotRun(v.Tenure, 1, v.Count)).Concat(Cloud).ToList();
        runs.Sort();
        var kept = new List<DotRun>(runs.Count + 1);
        using var next = dots.GetEnumerator();
        var isMore = next.MoveNext();
        foreach (var run in runs)
        {
            var first = run.First;
            while (isMore && next.Current.CompareTo(new Dot(run.Tenure, run.Last)) <= 0)
            {
                var dot = next.Current;
                isMore = next.MoveNext();
                if (dot.Tenure != run.Tenure || dot.Count < first) continue;
                if (first < dot.Count) kept.Add(new DotRun(run.Tenure, first, dot.Count - 1));
                first = dot.Count + 1;
            }
            if (first <= run.Last) kept.Add(run with { First = first });
        }
        return Folded(kept);
    }

    public bool Equals(CausalContext? other) =>
        other is not null && Vector.AsSpan().SequenceEqual(other.Vector.AsSpan()) && Cloud.AsSpan().SequenceEqual(other.Cloud.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as CausalContext);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in Vector) hash.Add(entry);
        foreach (var run in Cloud) hash.Add(run);
        return hash.ToHashCode();
    }

    public override string ToString() =>
        $"{{{string.Join(' ', Vector)}{(Cloud.IsEmpty ? "" : " + " + string.Join(' ', Cloud))}}}";

    private static bool IsVector(ImmutableArray<Dot> entries)
    {
        for (var i = 0; i < entries.Length; i++)
            if (entries[i].Count < 1 || (i > 0 && entries[i - 1].Tenure.CompareTo(entries[i].Tenure) >= 0)) return false;
        return true;
    }

    private static ImmutableArray<Dot> Advance(ImmutableArray<Dot> vector, Dot dot)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i].Tenure == dot.Tenure) return vector.SetItem(i, dot);
            if (vector[i].Tenure.CompareTo(dot.Tenure) > 0) return vector.Insert(i, dot);
        }
        return vector.Add(dot);
    }

    // Merges sorted runs that overlap or touch; a run that begins with the first dot of its tenure becomes part of the vector.
    private static CausalContext Folded(List<DotRun> runs)
    {
        var (vector, cloud) = (ImmutableArray.CreateBuilder<Dot>(), ImmutableArray.CreateBuilder<DotRun>());
        for (var i = 0; i < runs.Count;)
        {
            var folded = runs[i++];
            for (; i < runs.Count && runs[i].Tenure == folded.Tenure && runs[i].First - 1 <= folded.Last; i++)
                folded = folded with { Last = Math.Max(folded.Last, runs[i].Last) };
            if (folded.First <= 1) vector.Add(new Dot(folded.Tenure, folded.Last));
            else cloud.Add(folded);
        }
        return new CausalContext(vector.ToImmutable(), cloud.ToImmutable());
    }
}
