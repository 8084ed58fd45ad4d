using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Storage;

/// <summary>Where a record stands in a store: the store's own copy of the key, or what it keeps for another node as a hint.</summary>
public readonly record struct RecordKey(StorageKey Key, NodeId? HintFor = null);

/// <summary>What an engine lends a mutation inside its transaction.</summary>
/// <param name="NextSequence">The store's sequence, raised by one and saved with the transaction.</param>
public sealed record MintingStore(StoreId Store, Func<long> NextSequence);

/// <summary>What a mutation did.</summary>
/// <param name="Minted">The dot of a write that was coordinated here; null when it was refused.</param>
public sealed record Applied(RecordKey Key, Record Before, Record After, Dot? Minted = null)
{
    public bool IsChange => !ReferenceEquals(Before, After);
}

/// <summary>A change of one record, applied by the engine to what it holds at that moment. Pure: it may be run again.</summary>
public abstract record Mutation(RecordKey Key)
{
    /// <summary>About as many bytes as it brings with it.</summary>
    public virtual long Bytes => Key.Key.Encoded.Length;

    /// <summary>The dots that it brings news of.</summary>
    public virtual CausalContext Seen => CausalContext.Empty;

    /// <returns>An after of <see cref="Record.None"/> removes the record.</returns>
    public abstract Applied Apply(Record current, MintingStore store);
}

/// <summary>Takes in what another replica holds.</summary>
public sealed record MergeIn(RecordKey Key, VersionSet Set, ConflictMode Conflicts) : Mutation(Key)
{
    public override long Bytes => base.Bytes + Set.ValueBytes;

    public override CausalContext Seen => Set.Clock;

    public override Applied Apply(Record current, MintingStore store) => new(Key, current, current.Merge(Set, Conflicts));
}

/// <summary>Coordinates a client's write: mints its dot. Without a dot, nothing was done: the siblings would have been too large together.</summary>
/// <param name="MaxBytes">Of all values of the key; one that is larger already (merges have no limit) may still shrink.</param>
public sealed record Mint(RecordKey Key, Write Write, ConflictMode Conflicts, long MaxBytes = long.MaxValue) : Mutation(Key)
{
    public override long Bytes => base.Bytes + Write.Value.Length;

    public override CausalContext Seen => Write.Context;

    public override Applied Apply(Record current, MintingStore store)
    {
        var after = current.Put(Conflicts == ConflictMode.LastWriteWins ? AfterWhatItSaw(current) : Write, store.Store, store.NextSequence, out var dot);
        var last = Conflicts == ConflictMode.LastWriteWins ? after.Versions.LastWriteOnly() : after.Versions;
        if (last.ValueBytes > MaxBytes && last.ValueBytes > current.Versions.ValueBytes) return new Applied(Key, current, current);
        return new Applied(Key, current, ReferenceEquals(last, after.Versions) ? after : after with { Versions = last }, dot);
    }

    // A write that saw another is later, whatever the two coordinators' clocks say.
    private Write AfterWhatItSaw(Record current)
    {
        var latest = Write.TimestampMs;
        foreach (var sibling in current.Versions.Siblings)
            if (Write.Context.Covers(sibling.Dot)) latest = Math.Max(latest, sibling.TimestampMs + 1);
        return latest == Write.TimestampMs ? Write : Write with { TimestampMs = latest };
    }
}

/// <summary>Drops a record if it still holds exactly this set: a hint that its owner has stored, a tombstone that all primaries hold.</summary>
public sealed record DropIf(RecordKey Key, VersionSet Set) : Mutation(Key)
{
    public override Applied Apply(Record current, MintingStore store) =>
        new(Key, current, current.Versions.Equals(Set) ? Record.None : current);
}
