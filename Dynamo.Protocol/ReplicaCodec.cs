using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Listing;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class ReplicaCodec
{
    private const byte DigestRead = 0;
    private const byte WholeRead = 1;
    private const byte FailedRead = 2;

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
            to.Byte(answer.IsFailed ? FailedRead : answer.Set is null ? DigestRead : WholeRead);
            if (answer.Set is not null) VersionCodec.Write(to, answer.Set);
            else if (!answer.IsFailed) to.Fixed64(answer.Digest);
        }
    }

    public static ReadAnswers ReadReadAnswers(ref ByteReader from)
    {
        var answers = ImmutableArray.CreateBuilder<ReadAnswer>(from.ListLength());
        while (answers.Count < answers.Capacity) answers.Add(ReadReadAnswer(ref from));
        return new ReadAnswers(answers.MoveToImmutable());
    }

    private static ReadAnswer ReadReadAnswer(ref ByteReader from) => from.Byte() switch
    {
        DigestRead => new ReadAnswer(null, from.Fixed64()),
        WholeRead => new ReadAnswer(VersionCodec.ReadVersionSet(ref from), 0),
        FailedRead => ReadAnswer.Failed,
        var form => throw new MalformedBytesException($"unknown form of an answer {form}"),
    };

    public static void Write(ByteWriter to, SliceRequest asked)
    {
        to.Key(asked.Key);
        to.MaybeNode(asked.HintFor);
        WriteMaybe(to, asked.After);
    }

    public static SliceRequest ReadSliceRequest(ref ByteReader from) => new(from.Key(), from.MaybeNode(), ReadMaybeDot(ref from));

    public static void Write(ByteWriter to, SetSlice slice)
    {
        to.Bool(slice.Set is not null);
        if (slice.Set is not null) VersionCodec.Write(to, slice.Set);
        WriteMaybe(to, slice.Last);
    }

    public static SetSlice ReadSlice(ref ByteReader from) => new(from.Bool() ? VersionCodec.ReadVersionSet(ref from) : null, ReadMaybeDot(ref from));

    public static void Write(ByteWriter to, KeysRequest asked)
    {
        to.Fixed64(asked.First.Value);
        to.Fixed64(asked.Last.Value);
        to.MaybeKey(asked.After);
        to.Text(asked.Bucket);
        to.Bytes(asked.Prefix.Span);
        to.Count(asked.Max);
    }

    public static KeysRequest ReadKeysRequest(ref ByteReader from) => new(
        new Token(from.Fixed64()), new Token(from.Fixed64()), from.MaybeKey(), from.Text(), from.Bytes(), from.Int());

    public static void Write(ByteWriter to, KeysPage page)
    {
        to.Count(page.Page.Keys.Length);
        foreach (var held in page.Page.Keys)
        {
            to.Key(held.Key);
            to.Fixed64(held.Digest);
            to.Bool(held.IsLive);
        }
        to.MaybeKey(page.Page.ScannedTo);
        to.Bool(page.Page.IsEnd);
    }

    public static KeysPage ReadKeysPage(ref ByteReader from)
    {
        var keys = ImmutableArray.CreateBuilder<HeldKey>(from.ListLength(12));
        while (keys.Count < keys.Capacity) keys.Add(new HeldKey(from.Key(), from.Fixed64(), from.Bool()));
        var page = new ReplicaPage(keys.MoveToImmutable(), from.MaybeKey(), from.Bool());
        return page.IsEnd || page.ScannedTo is not null ? new KeysPage(page) : throw new MalformedBytesException("a page that neither ends nor says how far it goes");
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
            to.Byte((byte)item.Cause);
        }
    }

    public static WriteBatch ReadWrites(ref ByteReader from)
    {
        var items = ImmutableArray.CreateBuilder<WriteItem>(from.ListLength(6));
        while (items.Count < items.Capacity)
            items.Add(new WriteItem(from.Key(), VersionCodec.ReadVersionSet(ref from), from.MaybeNode(), ReadMode(ref from), AdminCodec.ReadCause(ref from)));
        return new WriteBatch(items.MoveToImmutable());
    }

    public static void Write(ByteWriter to, WriteAnswers answers)
    {
        to.Count(answers.Outcomes.Length);
        foreach (var outcome in answers.Outcomes) to.Byte((byte)outcome);
        to.Count(answers.Kept.Length);
        foreach (var kept in answers.Kept)
        {
            to.Count(kept.Item);
            to.Fixed64((ulong)kept.StampMs);
        }
    }

    public static WriteAnswers ReadWriteAnswers(ref ByteReader from)
    {
        var answers = ReadWriteAnswersBefore2(ref from);
        var kept = ImmutableArray.CreateBuilder<KeptWrite>(from.ListLength(9));
        while (kept.Count < kept.Capacity) kept.Add(new KeptWrite(from.Int(), (long)from.Fixed64()));
        return answers with { Kept = kept.MoveToImmutable() };
    }

    public static WriteAnswers ReadWriteAnswersBefore2(ref ByteReader from)
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

    public static void Write(ByteWriter to, KeyStatesRequest m)
    {
        to.Count(m.Keys.Length);
        foreach (var key in m.Keys) to.Key(key);
    }

    public static KeyStatesRequest ReadStatesRequest(ref ByteReader from)
    {
        var keys = ImmutableArray.CreateBuilder<StorageKey>(from.ListLength(3));
        while (keys.Count < keys.Capacity) keys.Add(from.Key());
        return new KeyStatesRequest(keys.MoveToImmutable());
    }

    public static void Write(ByteWriter to, KeyStates m)
    {
        to.Count(m.States.Length);
        foreach (var (digest, hasHint) in m.States)
        {
            to.Fixed64(digest);
            to.Bool(hasHint);
        }
    }

    public static KeyStates ReadStates(ref ByteReader from)
    {
        var states = ImmutableArray.CreateBuilder<KeyState>(from.ListLength(9));
        while (states.Count < states.Capacity) states.Add(new KeyState(from.Fixed64(), from.Bool()));
        return new KeyStates(states.MoveToImmutable());
    }

    public static void Write(ByteWriter to, ReapBatch m) => Write(to, m.Items);

    public static ReapBatch ReadReap(ref ByteReader from) => new(ReadKeySets(ref from));

    public static void Write(ByteWriter to, ImmutableArray<KeySet> items)
    {
        to.Count(items.Length);
        foreach (var item in items)
        {
            to.Key(item.Key);
            VersionCodec.Write(to, item.Set);
        }
    }

    public static ImmutableArray<KeySet> ReadKeySets(ref ByteReader from)
    {
        var items = ImmutableArray.CreateBuilder<KeySet>(from.ListLength(6));
        while (items.Count < items.Capacity) items.Add(new KeySet(from.Key(), VersionCodec.ReadVersionSet(ref from)));
        return items.MoveToImmutable();
    }

    private static void WriteMaybe(ByteWriter to, Dot? dot)
    {
        to.Bool(dot is not null);
        if (dot is { } given) VersionCodec.Write(to, given);
    }

    private static Dot? ReadMaybeDot(ref ByteReader from) => from.Bool() ? VersionCodec.ReadDot(ref from) : null;

    private static ConflictMode ReadMode(ref ByteReader from) =>
        from.Byte() is var mode && mode <= (byte)ConflictMode.LastWriteWins
            ? (ConflictMode)mode : throw new MalformedBytesException($"unknown conflict mode {mode}");
}
