namespace Dynamo.Core.Versioning;

/// <summary>The identity of one store, minted at random when the store is created, and again when it may have lost its tail.</summary>
public readonly record struct StoreId(ulong Value) : IComparable<StoreId>
{
    public int CompareTo(StoreId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x16");
}

/// <summary>
/// One store's unbroken custody of one key. <paramref name="Start"/> comes from the store's sequence, which only grows, so a store
/// that dropped a key and meets it again starts a new tenure and can never reuse a dot (docs/decisions/0003-dots-and-tenures.md).
/// </summary>
public readonly record struct Tenure(StoreId Store, long Start) : IComparable<Tenure>
{
    public int CompareTo(Tenure other)
    {
        var byStore = Store.CompareTo(other.Store);
        return byStore != 0 ? byStore : Start.CompareTo(other.Start);
    }
}

/// <summary>Dots of one tenure in sequence, both ends included.</summary>
public readonly record struct DotRun(Tenure Tenure, long First, long Last) : IComparable<DotRun>
{
    public int CompareTo(DotRun other)
    {
        var byTenure = Tenure.CompareTo(other.Tenure);
        return byTenure != 0 ? byTenure : First.CompareTo(other.First);
    }

    public override string ToString() => First == Last ? $"{Tenure.Store}.{Tenure.Start}:{First}" : $"{Tenure.Store}.{Tenure.Start}:{First}-{Last}";
}

/// <summary>The name of one write: the <paramref name="Count"/>-th (from 1, without gaps) of a tenure.</summary>
public readonly record struct Dot(Tenure Tenure, long Count) : IComparable<Dot>
{
    public int CompareTo(Dot other)
    {
        var byTenure = Tenure.CompareTo(other.Tenure);
        return byTenure != 0 ? byTenure : Count.CompareTo(other.Count);
    }

    public override string ToString() => $"{Tenure.Store}.{Tenure.Start}:{Count}";
}
