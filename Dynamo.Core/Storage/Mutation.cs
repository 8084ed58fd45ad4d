using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Storage;

/// <summary>The place of a record in a store: the store's own copy of the key, or a hint kept for another node.</summary>
public readonly record struct RecordKey(StorageKey Key, NodeId? HintFor = null);

/// <summary>The parts of a store that a mutation may use inside its transaction.</summary>
/// <param name="NextSequence">The store's sequence, raised by one and saved with the transaction.</param>
public sealed record MintingStore(StoreId Store, Func<long> NextSequence);

/// <summary>The result of a mutation.</summary>
/// <param name="Minted">The dot of a write that was coordinated here; null when it was refused.</param>
public sealed record Applied(RecordKey Key, Record Before, Record After, Dot? Minted = null)
{
    public bool IsChange => !ReferenceEquals(Before, After);
}

/// <summary>A change of one record, applied by the engine to the current record. Pure: it may run again.</summary>
public abstract record Mutation(RecordKey Key)
{
    /// <summary>The approximate size of the mutation's content, in bytes.</summary>
    public virtual long Bytes => Key.Key.Encoded.Length;

    /// <summary>The dots that the mutation has seen.</summary>
    public virtual CausalContext Seen => CausalContext.Empty;

    /// <returns>The record is removed if <see cref="Applied.After"/> is <see cref="Record.None"/>.</returns>
    public abstract Applied Apply(Record current, MintingStore store);
}

/// <summary>Merges in another replica's set.</summary>
public sealed record MergeIn(RecordKey Key, VersionSet Set, ConflictMode Conflicts) : Mutation(Key)
{
    public override long Bytes => base.Bytes + Set.ValueBytes;

    public override CausalContext Seen => Set.Clock;

    public override Applied Apply(Record current, MintingStore store) => new(Key, current, current.Merge(Set, Conflicts));
}

/// <summary>Coordinates a client's write: mints its dot. No dot means that nothing was stored: the siblings would have been too large together.</summary>
/// <param name="MaxBytes">The limit of <see cref="VersionSet.Bytes"/>; a record that is larger already (merges have no limit) may still shrink.</param>
public sealed record Mint(RecordKey Key, Write Write, ConflictMode Conflicts, long MaxBytes = long.MaxValue) : Mutation(Key)
{
    public override long Bytes => base.Bytes + Write.Value.Length;

    public override CausalContext Seen => Write.Context;

    public override Applied Apply(Record current, MintingStore store)
    {
        var after = current.Put(Conflicts == ConflictMode.LastWriteWins ? AfterWhatItSaw(current) : Write, store.Store, store.NextSequence, out var dot);
        var last = Conflicts == ConflictMode.LastWriteWins ? after.Versions.LastWriteOnly() : after.Versions;
        if (last.Bytes > MaxBytes && last.Bytes > current.Versions.Bytes) return new Applied(Key, current, current);
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
