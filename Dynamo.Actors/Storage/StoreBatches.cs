using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Akka.Actor;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Storage;

/// <summary>A batch was stored, or failed; the actor that wrote it passes the reply on.</summary>
internal sealed record StoreDone(IActorRef ReplyTo, object Reply, IReadOnlyList<Mutation> Mutations, Exception? Failure = null);

/// <summary>Shared by the storage replica and the hint buffer: turns batches from the wire into mutations, and outcomes into replies.</summary>
internal static class StoreBatches
{
    public static IReadOnlyList<Mutation> Merges(WriteBatch batch)
    {
        var mutations = new Mutation[batch.Items.Length];
        for (var i = 0; i < mutations.Length; i++)
        {
            var item = batch.Items[i];
            mutations[i] = new MergeIn(new RecordKey(item.Key, item.HintFor), item.Set, item.Conflicts);
        }
        return mutations;
    }

    public static IReadOnlyList<Mutation> Mints(MintBatch batch)
    {
        var mutations = new Mutation[batch.Items.Length];
        for (var i = 0; i < mutations.Length; i++)
        {
            var item = batch.Items[i];
            mutations[i] = new Mint(new RecordKey(item.Key, item.HintFor), item.Write, item.Conflicts, item.MaxBytes, item.Again, item.Terms);
        }
        return mutations;
    }

    public static long BytesOf(IReadOnlyList<Mutation> mutations) => mutations.Sum(m => m.Bytes);

    /// <summary>The answers to a batch of merges, each with the write that a last-write-wins record kept in the place of a put.</summary>
    public static WriteAnswers Outcomes(IStorageEngine engine, WriteBatch batch, IReadOnlyList<Applied> applied)
    {
        ImmutableArray<KeptWrite>.Builder? kept = null;
        for (var i = 0; i < applied.Count; i++)
        {
            var item = batch.Items[i];
            // A repair or a hint carries a value of the past; only a put must not lose.
            if (item.Cause == WriteCause.Put && item.Conflicts == ConflictMode.LastWriteWins && MergeIn.KeptInstead(item.Set, applied[i]) is { } keptMs)
                (kept ??= ImmutableArray.CreateBuilder<KeptWrite>()).Add(new KeptWrite(i, keptMs));
        }
        var answers = Outcomes(engine, applied.Count);
        return kept is null ? answers : answers with { Kept = kept.ToImmutable() };
    }

    public static WriteAnswers Outcomes(IStorageEngine engine, int count) =>
        All(count, engine.IsSynced ? WriteOutcome.Synced : WriteOutcome.Stored);

    public static WriteAnswers All(int count, WriteOutcome outcome)
    {
        var outcomes = new WriteOutcome[count];
        Array.Fill(outcomes, outcome);
        return new WriteAnswers(ImmutableCollectionsMarshal.AsImmutableArray(outcomes), []);
    }

    /// <summary>
    /// Writes the batch and replies to the asker: in this turn if the engine completes synchronously (memory), otherwise through the actor's
    /// mailbox.
    /// </summary>
    /// <returns>True if the write completed synchronously; otherwise a <see cref="StoreDone"/> follows.</returns>
    public static bool Run(
        IStorageEngine engine, IReadOnlyList<Mutation> mutations, Func<IReadOnlyList<Applied>, object> reply, Func<Exception, object> refusal,
        IActorRef self, IActorRef asker)
    {
        var writing = engine.WriteAsync(mutations);
        if (writing.IsCompletedSuccessfully)
        {
            asker.Tell(reply(writing.GetAwaiter().GetResult()));
            return true;
        }
        writing.PipeTo(
            self,
            success: applied => new StoreDone(asker, reply(applied), mutations),
            failure: e => new StoreDone(asker, refusal(e), mutations, e));
        return false;
    }
}
