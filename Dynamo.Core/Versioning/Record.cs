using Dynamo.Core.Buckets;

namespace Dynamo.Core.Versioning;

/// <summary>
/// One store's record of one key: the version set, and the start of the store's current tenure of the key (0: it has minted no dot since
/// it took the key on). The tenure is local to the store and never sent.
/// </summary>
public sealed record Record(long TenureStart, VersionSet Versions)
{
    public static readonly Record None = new(0, VersionSet.Empty);

    /// <summary>Merges in another replica's set.</summary>
    public Record Merge(VersionSet incoming, ConflictMode mode = ConflictMode.Siblings)
    {
        var merged = Versions.Merge(incoming, mode);
        return ReferenceEquals(merged, Versions) ? this : this with { Versions = merged };
    }

    /// <summary>
    /// Coordinates a write: mints its dot in this store's tenure. <paramref name="nextSequence"/> is called at most once, when the store
    /// begins a tenure; the store saves its sequence in the same transaction as the record. A write that is here already keeps its dot.
    /// </summary>
    public Record Put(Write write, StoreId store, Func<long> nextSequence, out Dot dot)
    {
        if (Versions.Holding(write.WriteId) is { } here)
        {
            dot = here.Dot;
            return this;
        }
        var begun = Begun(nextSequence);
        dot = begun.NextDot(store, write.Context);
        return begun with { Versions = Versions.Put(write, dot) };
    }

    /// <summary>The record with a tenure of this store.</summary>
    public Record Begun(Func<long> nextSequence) => TenureStart > 0 ? this : this with { TenureStart = nextSequence() };

    /// <summary>The dot of the next write of a record that has begun its tenure.</summary>
    public Dot NextDot(StoreId store, CausalContext context)
    {
        var tenure = new Tenure(store, TenureStart);
        return new Dot(tenure, LastCount(tenure, context) + 1);
    }

    /// <summary>
    /// True when <paramref name="other"/> names a dot of this store that the store does not know: it has lost its tail, or is an old copy, and would
    /// mint dots again that others have seen.
    /// </summary>
    /// <param name="sequence">The store's current sequence.</param>
    public bool IsBehind(CausalContext other, StoreId store, long sequence)
    {
        foreach (var entry in other.Vector)
            if (IsUnknown(new DotRun(entry.Tenure, 1, entry.Count), store, sequence)) return true;
        foreach (var run in other.Cloud)
            if (IsUnknown(run, store, sequence)) return true;
        return false;
    }

    private bool IsUnknown(DotRun run, StoreId store, long sequence) => run.Tenure.Store == store
        && (run.Tenure.Start > sequence || (run.Tenure.Start == TenureStart && !Versions.Clock.Covers(run)));

    // The client's context may name dots of this tenure that the store does not know: then the store has lost its tail, which a new
    // store id guards against. Counting on from the greater of the two avoids using a dot twice even then.
    private long LastCount(Tenure tenure, CausalContext context)
    {
        var seen = Math.Max(Versions.Clock.CountOf(tenure), context.CountOf(tenure));
        foreach (var run in Versions.Clock.Cloud) if (run.Tenure == tenure) seen = Math.Max(seen, run.Last);
        foreach (var run in context.Cloud) if (run.Tenure == tenure) seen = Math.Max(seen, run.Last);
        return seen;
    }
}
