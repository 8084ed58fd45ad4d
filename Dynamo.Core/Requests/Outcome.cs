using System.Collections.Immutable;
using Dynamo.Core.DataTypes;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Requests;

/// <summary>A node that stored a write, and its role; <paramref name="Synced"/>: the write is on that node's disk.</summary>
public readonly record struct Taken(Participant By, bool Synced);

/// <summary>The result that the client is told.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>The replicas decided the outcome, so its latency shows how busy they are.</summary>
    public virtual bool IsMeasured => false;

    /// <summary>Nothing was begun: the same write may come again through another node, and is then judged afresh.</summary>
    public virtual bool IsRefusal => false;

    /// <param name="Merged">The join of the sets of all nodes that have answered.</param>
    /// <param name="Answered">The number of these nodes.</param>
    public sealed record Found(VersionSet Merged, int Answered) : Outcome
    {
        public override bool IsMeasured => true;

        /// <summary>The plain values that are neither deleted nor expired. A write that a client sent twice may have two dots, but is one value.</summary>
        public ImmutableArray<ReadOnlyMemory<byte>> Values(long nowMs)
        {
            var siblings = Merged.Siblings;
            var values = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(siblings.Length);
            var writes = siblings.Length > 1 ? new HashSet<ulong>(siblings.Length) : null;
            foreach (var sibling in siblings)
                if (sibling.IsLive(nowMs) && !sibling.IsTyped && (sibling.WriteId == 0 || writes is null || writes.Add(sibling.WriteId))) values.Add(sibling.Value);
            return values.ToImmutable();
        }

        /// <summary>The values of data types, merged: one of each kind, and usually one or none.</summary>
        public ImmutableArray<DataView> Data(long nowMs) =>
            Merged.Siblings.Any(s => s.IsTyped) ? [.. TypedSiblings.Of(Merged, nowMs).Values.Select(v => v.View)] : [];
    }

    /// <param name="Seen">The writer's context from now on.</param>
    /// <param name="Needed">W.</param>
    /// <param name="By">All nodes that have stored the write so far, the coordinator first.</param>
    public sealed record Stored(CausalContext Seen, int Needed, ImmutableArray<Taken> By) : Outcome
    {
        public override bool IsMeasured => true;
    }

    /// <summary>Too few answered, or too few in time. A write may still take effect.</summary>
    public sealed record NotMet(string Reason, int Needed, int Answered) : Outcome
    {
        public override bool IsMeasured => true;
    }

    /// <summary>The coordinator's own store did not answer in time, and may still take the write.</summary>
    public sealed record OwnStoreLate(string Reason, int Needed, int Answered) : Outcome;

    /// <summary>The coordinator's own store failed; nobody else was sent the write.</summary>
    public sealed record NotStored(string Reason) : Outcome;

    /// <summary>The value and the key's siblings together would exceed the limit of a record; nothing was stored.</summary>
    /// <param name="Siblings">The number of siblings there.</param>
    /// <param name="Bytes">Bytes of their values together.</param>
    public sealed record TooLarge(int Siblings, long Bytes) : Outcome;

    /// <summary>The put's condition does not hold; nothing was stored.</summary>
    /// <param name="Held">What the key holds, as far as the coordinator knows.</param>
    public sealed record ConditionFailed(string Reason, VersionSet Held) : Outcome;

    /// <summary>The operation does not fit what the key holds; nothing was stored.</summary>
    public sealed record OperationFailed(string Reason) : Outcome;

    /// <summary>Too many writes wait for the coordinator's own store.</summary>
    public sealed record NoRoom : Outcome
    {
        internal static readonly NoRoom Instance = new();

        public override bool IsRefusal => true;
    }

    /// <summary>The node takes no part in the write and cannot pass it on.</summary>
    public sealed record NoReplica : Outcome
    {
        internal static readonly NoReplica Instance = new();

        public override bool IsRefusal => true;
    }
}
