using Dynamo.Core.Buckets;
using Dynamo.Core.DataTypes;
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

    /// <summary>Why a write was not coordinated; null: it was, or it would have made the siblings too large together.</summary>
    public MintRefusal? Refusal { get; init; }
}

/// <param name="IsCondition">The write's condition did not hold; otherwise its operation does not fit what the key holds.</param>
public sealed record MintRefusal(bool IsCondition, string Reason);

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

/// <summary>Asks for a second stamp of a write that a replica did not keep, because it holds a later one that has not seen the write.</summary>
/// <param name="Dot">The write under its stamp so far.</param>
/// <param name="AboveMs">The later write's stamp.</param>
public readonly record struct StampAgain(Dot Dot, long AboveMs);

/// <summary>What a write asks of the store that coordinates it, apart from storing a value.</summary>
/// <param name="NowMs">The coordinator's clock: milliseconds since 1970.</param>
/// <param name="Operation">Computes the value from what the key holds.</param>
/// <param name="MaxValueBytes">Limit of the computed value.</param>
/// <param name="IsAgain">Another store was sent the write before, and may have taken it.</param>
public sealed record MintTerms(long NowMs, PutCondition Condition, DataOperation? Operation, int MaxValueBytes, bool IsAgain = false);

/// <summary>Merges in another replica's set.</summary>
public sealed record MergeIn(RecordKey Key, VersionSet Set, ConflictMode Conflicts) : Mutation(Key)
{
    public override long Bytes => base.Bytes + Set.ValueBytes;

    public override CausalContext Seen => Set.Clock;

    public override Applied Apply(Record current, MintingStore store) => new(Key, current, current.Merge(Set, Conflicts));

    /// <summary>
    /// The stamp of the write that a last-write-wins record kept in the place of the merged one; null: it took the write, or holds one that has seen it.
    /// </summary>
    /// <remarks>A record's clock covers all that its write has seen. What it did not cover before the merge, its write has not seen.</remarks>
    public static long? KeptInstead(VersionSet merged, Applied applied)
    {
        if (merged.Siblings is not [var write] || applied.After.Versions.Siblings is not [var kept] || kept.Dot == write.Dot) return null;
        return applied.Before.Versions.Clock.Covers(write.Dot) ? null : kept.TimestampMs;
    }
}

/// <summary>
/// Coordinates a client's write: mints its dot, and in a last-write-wins bucket its stamp, which is later than every write that the store holds of the key
/// (docs/decisions/0020-clock-skew.md). No dot means that nothing was stored: the siblings would have been too large together.
/// </summary>
/// <param name="MaxBytes">
/// The limit of <see cref="VersionSet.Bytes"/>. A lone sibling is always stored, and a record that is larger already (merges have no limit) may shrink.
/// </param>
/// <param name="Again">The write is here and gets a second stamp. No dot means then that a later write has replaced it since.</param>
/// <param name="Terms">Null: the write is stored as it is.</param>
public sealed record Mint(
    RecordKey Key, Write Write, ConflictMode Conflicts, long MaxBytes = long.MaxValue, StampAgain? Again = null, MintTerms? Terms = null) : Mutation(Key)
{
    public override long Bytes => base.Bytes + Write.Value.Length + (Terms?.Operation?.Bytes ?? 0);

    public override CausalContext Seen => Write.Context;

    public override Applied Apply(Record current, MintingStore store)
    {
        if (Again is { } again) return Stamped(current, again, store);
        if (Terms is { } terms && current.Versions.Holding(Write.WriteId) is null)
        {
            if (terms.Condition.WhyNot(current.Versions, Write.Context, terms.NowMs) is { } reason) return Refused(current, isCondition: true, reason);
            if (terms.Operation is { } operation) return Updated(current, operation, terms, store);
        }
        var write = Conflicts == ConflictMode.LastWriteWins ? LaterThan(current, long.MinValue) : Write;
        var after = current.Put(write, store.Store, store.NextSequence, out var dot);
        var last = Conflicts == ConflictMode.LastWriteWins ? after.Versions.LastWriteOnly() : after.Versions;
        if (last.Bytes > MaxBytes && last.Bytes > current.Versions.Bytes && last.Siblings.Length > 1) return new Applied(Key, current, current);
        return new Applied(Key, current, ReferenceEquals(last, after.Versions) ? after : after with { Versions = last }, dot);
    }

    // The value that the operation makes of all siblings replaces them.
    private Applied Updated(Record current, DataOperation operation, MintTerms terms, MintingStore store)
    {
        var begun = current.Begun(store.NextSequence);
        var write = Write with { Context = Write.Context.Join(current.Versions.Clock), IsTyped = true };
        try
        {
            var held = TypedSiblings.Of(current.Versions, terms.NowMs).ValueFor(operation.Kind);
            var dot = begun.NextDot(store.Store, write.Context);
            var value = held.Apply(operation, new DataWrite(dot, write.WriteId, terms.NowMs, terms.IsAgain)).Encoded();
            if (value.Length > terms.MaxValueBytes)
                return Refused(current, isCondition: false, $"the {operation.Kind.ToString().ToLowerInvariant()} would take {value.Length} bytes: {terms.MaxValueBytes} is the limit (dynamo.limits.value-bytes)");
            return new Applied(Key, current, begun.Put(write with { Value = value }, store.Store, store.NextSequence, out dot), dot);
        }
        catch (BadOperationException e)
        {
            return Refused(current, isCondition: false, e.Message);
        }
    }

    private Applied Refused(Record current, bool isCondition, string reason) => new(Key, current, current) { Refusal = new MintRefusal(isCondition, reason) };

    // The write under a new dot, which replaces the former one. A write that has replaced it since, other than the one to be overtaken, is later by right.
    private Applied Stamped(Record current, StampAgain again, MintingStore store)
    {
        if (current.Versions.Siblings is not [var held] || (held.Dot != again.Dot && held.TimestampMs != again.AboveMs))
            return new Applied(Key, current, current);
        var without = current with { Versions = new VersionSet(current.Versions.Clock, []) };
        var after = without.Put(LaterThan(current, again.AboveMs), store.Store, store.NextSequence, out var dot);
        return new Applied(Key, current, after, dot);
    }

    // One above what is there: the stamps of other keys, and the clock, do not follow.
    private Write LaterThan(Record current, long aboveMs)
    {
        foreach (var sibling in current.Versions.Siblings) aboveMs = Math.Max(aboveMs, sibling.TimestampMs);
        var later = aboveMs < long.MaxValue ? aboveMs + 1 : aboveMs;
        return later <= Write.TimestampMs ? Write : Write with { TimestampMs = later };
    }
}

/// <summary>Gives back the space of values that have expired: they become tombstones.</summary>
/// <param name="NowMs">Milliseconds since 1970, less the tolerated clock skew.</param>
public sealed record BuryExpired(RecordKey Key, long NowMs) : Mutation(Key)
{
    public override Applied Apply(Record current, MintingStore store)
    {
        var left = current.Versions.WithoutExpired(NowMs);
        return new Applied(Key, current, ReferenceEquals(left, current.Versions) ? current : current with { Versions = left });
    }
}

/// <summary>Drops a record if it still holds exactly this set: a hint that its owner has stored, a tombstone that all primaries hold.</summary>
public sealed record DropIf(RecordKey Key, VersionSet Set) : Mutation(Key)
{
    public override Applied Apply(Record current, MintingStore store) =>
        new(Key, current, current.Versions.Equals(Set) ? Record.None : current);
}
