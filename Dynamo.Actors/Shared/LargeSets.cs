using System.Collections.Immutable;
using Akka.Actor;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Shared;

/// <summary>Reads and writes of whole sets, whatever their size: a set that is too large for one message travels in slices.</summary>
internal static class LargeSets
{
    /// <param name="hintFor">Read the hint for this node instead of the replica's own record.</param>
    /// <param name="timeout">Of each slice.</param>
    /// <returns>Null: the record cannot be read.</returns>
    public static async Task<VersionSet?> ReadAsync(IActorRef replica, StorageKey key, NodeId? hintFor, TimeSpan timeout)
    {
        var (whole, last) = (VersionSet.Empty, (Dot?)null);
        do
        {
            var slice = await replica.Ask<SetSlice>(new SliceRequest(key, hintFor, last), timeout);
            if (slice.Set is not { } set) return null;
            if (slice.Last is { } next && last is { } before && next.CompareTo(before) <= 0) return null;
            whole = whole.Merge(set);
            last = slice.Last;
        }
        while (last is not null);
        return whole;
    }

    /// <summary>Reads records of several keys. A set that does not fit beside others is answered by digest, to be read again; at least one set comes whole.</summary>
    public static async Task<ReadAnswers> ReadAsync(IActorRef replica, ImmutableArray<StorageKey> keys, TimeSpan timeout)
    {
        var answers = await replica.Ask<ReadAnswers>(new ReadBatch([.. keys.Select(k => new ReadItem(k, null, DigestOnly: false))]), timeout);
        var places = answers.Answers;
        if (places.Length != keys.Length || places.Any(a => a.Set is not null) || places.All(a => a.IsFailed)) return answers;
        // None fitted, so the first is too large for any message.
        var first = places.IndexOf(places.First(a => !a.IsFailed));
        var set = await ReadAsync(replica, keys[first], hintFor: null, timeout);
        return new ReadAnswers(places.SetItem(first, set is null ? ReadAnswer.Failed : new ReadAnswer(set, 0)));
    }

    /// <param name="batchBytes">Bound of one message; a larger slice travels alone.</param>
    /// <param name="timeout">Of each message.</param>
    /// <returns>One outcome for each item: refused if any of its slices was.</returns>
    public static async Task<WriteOutcome[]> WriteAsync(IActorRef replica, IReadOnlyList<WriteItem> items, int batchBytes, TimeSpan timeout)
    {
        var slices = items.SelectMany((item, place) => SetSlices.Of(item.Set, RecordSizes.SliceBytes).Select(set => (place, Item: item with { Set = set }))).ToList();
        var outcomes = new WriteOutcome[items.Count];
        Array.Fill(outcomes, WriteOutcome.Synced);
        foreach (var batch in ByteSlices.Of(slices, batchBytes, s => RecordSizes.Of(s.Item.Key, s.Item.Set)))
        {
            var answers = await replica.Ask<WriteAnswers>(new WriteBatch([.. batch.Select(s => s.Item)]), timeout);
            // An answer that does not fit the question does not prove that anything was stored.
            var fits = answers.Outcomes.Length == batch.Count;
            for (var i = 0; i < batch.Count; i++)
                outcomes[batch[i].place] = outcomes[batch[i].place].And(fits ? answers.Outcomes[i] : WriteOutcome.Refused);
        }
        return outcomes;
    }

    /// <summary>The outcome of two parts of one write.</summary>
    public static WriteOutcome And(this WriteOutcome one, WriteOutcome other) =>
        one == WriteOutcome.Refused || other == WriteOutcome.Refused ? WriteOutcome.Refused : one == other ? one : WriteOutcome.Stored;
}
