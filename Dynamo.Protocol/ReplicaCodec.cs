using System.Collections.Immutable;
using Dynamo.Core.Quorum;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class ReplicaCodec
{
    public static void Write(ByteWriter to, ReadBatch batch)
    {
        to.Count(batch.Items.Length);
        foreach (var item in batch.Items)
        {
            to.Key(item.Key);
            to.MaybeNode(item.HintFor);
            to.Bool(item.DigestOnly);
        }
    }

    public static ReadBatch ReadReads(ref ByteReader from)
    {
        var items = ImmutableArray.CreateBuilder<ReadItem>(from.ListLength(4));
        while (items.Count < items.Capacity) items.Add(new ReadItem(from.Key(), from.MaybeNode(), from.Bool()));
        return new ReadBatch(items.MoveToImmutable());
    }

    public static void Write(ByteWriter to, ReadAnswers answers)
    {
        to.Count(answers.Answers.Length);
        foreach (var answer in answers.Answers)
        {
            to.Bool(answer.Set is not null);
            if (answer.Set is not null) VersionCodec.Write(to, answer.Set);
            else to.Fixed64(answer.Digest);
        }
    }

    public static ReadAnswers ReadReadAnswers(ref ByteReader from)
    {
        var answers = ImmutableArray.CreateBuilder<ReadAnswer>(from.ListLength(4));
        while (answers.Count < answers.Capacity)
            answers.Add(from.Bool() ? new ReadAnswer(VersionCodec.ReadVersionSet(ref from), 0) : new ReadAnswer(null, from.Fixed64()));
        return new ReadAnswers(answers.MoveToImmutable());
    }

    public static void Write(ByteWriter to, WriteBatch batch)
    {
        to.Count(batch.Items.Length);
        foreach (var item in batch.Items)
        {
            to.Key(item.Key);
            VersionCodec.Write(to, item.Set);
            to.MaybeNode(item.HintFor);
            to.Byte((byte)item.Conflicts);
        }
    }

    public static WriteBatch ReadWrites(ref ByteReader from)
    {
        var items = ImmutableArray.CreateBuilder<WriteItem>(from.ListLength(6));
        while (items.Count < items.Capacity)
            items.Add(new WriteItem(from.Key(), VersionCodec.ReadVersionSet(ref from), from.MaybeNode(), ReadMode(ref from)));
        return new WriteBatch(items.MoveToImmutable());
    }

    public static void Write(ByteWriter to, WriteAnswers answers)
    {
        to.Count(answers.Outcomes.Length);
        foreach (var outcome in answers.Outcomes) to.Byte((byte)outcome);
    }

    public static WriteAnswers ReadWriteAnswers(ref ByteReader from)
    {
        var outcomes = ImmutableArray.CreateBuilder<WriteOutcome>(from.ListLength());
        while (outcomes.Count < outcomes.Capacity)
        {
            var outcome = from.Byte();
            if (outcome > (byte)WriteOutcome.Refused) throw new MalformedBytesException($"unknown write outcome {outcome}");
            outcomes.Add((WriteOutcome)outcome);
        }
        return new WriteAnswers(outcomes.MoveToImmutable());
    }

    private static ConflictMode ReadMode(ref ByteReader from) =>
        from.Byte() is var mode && mode <= (byte)ConflictMode.LastWriteWins
            ? (ConflictMode)mode : throw new MalformedBytesException($"unknown conflict mode {mode}");
}
