using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.DataTypes;
using Dynamo.Core.Listing;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

/// <summary>What only some requests and replies carry has kinds of its own, so that the others keep the form that former versions know.</summary>
internal static class ClientCodec
{
    private const byte Get = 1, Put = 2, Delete = 3, PutOnTerms = 4, List = 5;
    private const byte Got = 1, Done = 2, Failed = 3, GotPart = 4, GotData = 5, DoneOnTerms = 6, FailedCondition = 7, Listed = 8;

    [Flags]
    private enum Terms : byte
    {
        None = 0,
        IsDelete = 1,
        HasTtl = 2,
        HasOperation = 4,
        IsAgain = 8,
        All = 15,
    }

    public static void Write(ByteWriter to, ClientBatch batch)
    {
        to.Count(batch.Requests.Length);
        foreach (var request in batch.Requests) WriteRequest(to, request);
    }

    public static ClientBatch ReadBatch(ref ByteReader from)
    {
        var requests = ImmutableArray.CreateBuilder<ClientRequest>(from.ListLength(8));
        while (requests.Count < requests.Capacity) requests.Add(ReadRequest(ref from));
        return new ClientBatch(requests.MoveToImmutable());
    }

    public static void Write(ByteWriter to, ClientReplies replies)
    {
        to.Fixed64(replies.StateHash);
        to.Count(replies.Replies.Length);
        foreach (var reply in replies.Replies) WriteReply(to, reply);
    }

    public static ClientReplies ReadReplies(ref ByteReader from)
    {
        var hash = from.Fixed64();
        var replies = ImmutableArray.CreateBuilder<ClientReply>(from.ListLength(3));
        while (replies.Count < replies.Capacity) replies.Add(ReadReply(ref from));
        return new ClientReplies(replies.MoveToImmutable(), hash);
    }

    private static void WriteRequest(ByteWriter to, ClientRequest request)
    {
        if (request is ListRequest list)
        {
            to.Byte(List);
            to.Count(list.Id);
            Write(to, list.Place);
            to.Text(list.Bucket);
            to.Bytes(list.Prefix.Span);
            to.Count(list.Max);
            Write(to, list.Quorum);
            to.Count(list.TimeoutMs);
            return;
        }
        to.Byte(request switch { PutRequest { Terms: not null } => PutOnTerms, PutRequest { IsDelete: true } => Delete, PutRequest => Put, _ => Get });
        to.Count(request.Id);
        to.Key(request.Key);
        to.Count(request.TimeoutMs);
        to.Bool(request.IsForwarded);
        Write(to, request.Quorum);
        if (request is not PutRequest put) return;
        to.Fixed64(put.WriteId);
        to.Bytes(put.Context.Span);
        if (put.Terms is { } terms) Write(to, put, terms);
        if (!put.IsDelete && put.Terms?.Operation is null) to.Bytes(put.Value.Span);
    }

    private static void Write(ByteWriter to, PutRequest put, PutTerms terms)
    {
        to.Byte((byte)(
            (put.IsDelete ? Terms.IsDelete : Terms.None) | (terms.TtlMs is null ? Terms.None : Terms.HasTtl)
            | (terms.Operation is null ? Terms.None : Terms.HasOperation) | (terms.IsAgain ? Terms.IsAgain : Terms.None)));
        to.Byte((byte)terms.Condition);
        if (terms.TtlMs is { } ttl) to.Count(ttl);
        if (terms.Operation is { } operation) DataCodec.Write(to, operation);
    }

    private static ClientRequest ReadRequest(ref ByteReader from)
    {
        var kind = from.Byte();
        if (kind is < Get or > List) throw new MalformedBytesException($"unknown request kind {kind}");
        var id = from.Count();
        if (kind == List) return new ListRequest(id, ReadPlace(ref from), from.Text(), from.Bytes(), from.Int(), ReadQuorum(ref from), from.Int());
        var key = from.Key();
        var timeout = from.Int();
        var forwarded = from.Bool();
        var quorum = ReadQuorum(ref from);
        if (kind == Get) return new GetRequest(id, key, quorum, timeout, forwarded);
        var writeId = from.Fixed64();
        var context = from.Bytes();
        var isDelete = kind == Delete;
        var terms = kind == PutOnTerms ? ReadTerms(ref from, out isDelete) : null;
        var value = isDelete || terms?.Operation is not null ? default : from.Bytes().ToArray();
        return new PutRequest(id, key, context, value, isDelete, writeId, quorum, timeout, forwarded, terms);
    }

    private static PutTerms ReadTerms(ref ByteReader from, out bool isDelete)
    {
        var terms = (Terms)from.Byte();
        if (terms > Terms.All) throw new MalformedBytesException($"unknown terms {(byte)terms}");
        isDelete = terms.HasFlag(Terms.IsDelete);
        var condition = from.Byte() is var asked && asked <= (byte)PutCondition.IfContext
            ? (PutCondition)asked : throw new MalformedBytesException($"unknown condition {asked}");
        return new PutTerms(
            condition,
            terms.HasFlag(Terms.HasTtl) ? from.Count() : null,
            terms.HasFlag(Terms.HasOperation) ? DataCodec.ReadOperation(ref from) : null,
            terms.HasFlag(Terms.IsAgain));
    }

    // One byte for the common request that overrides nothing.
    private static void Write(ByteWriter to, QuorumOverrides asked)
    {
        to.Bool(!asked.IsNone);
        if (asked.IsNone) return;
        to.MaybeCount(asked.N);
        to.MaybeCount(asked.R);
        to.MaybeCount(asked.W);
        to.MaybeCount(asked.PR);
        to.MaybeCount(asked.PW);
        to.MaybeCount(asked.DW);
    }

    private static QuorumOverrides ReadQuorum(ref ByteReader from) => !from.Bool()
        ? QuorumOverrides.None
        : new QuorumOverrides(from.MaybeCount(), from.MaybeCount(), from.MaybeCount(), from.MaybeCount(), from.MaybeCount(), from.MaybeCount());

    private static void WriteReply(ByteWriter to, ClientReply reply)
    {
        switch (reply)
        {
            case GetReply got:
                to.Byte(!got.Data.IsEmpty ? GotData : got.HasMore ? GotPart : Got);
                to.Count(got.Id);
                to.Count(got.Answered);
                to.Bytes(got.Context.Span);
                to.Count(got.Values.Length);
                foreach (var value in got.Values) to.Bytes(value.Span);
                if (got.Data.IsEmpty) break;
                to.Bool(got.HasMore);
                to.Count(got.Data.Length);
                foreach (var data in got.Data) DataCodec.Write(to, data);
                break;
            case PutReply done:
                to.Byte(done is { Counter: null, Check: null } ? Done : DoneOnTerms);
                to.Count(done.Id);
                to.Count(done.W);
                to.Bytes(done.Context.Span);
                to.Count(done.Took.Length);
                foreach (var line in done.Took) WriteLine(to, line);
                if (done is { Counter: null, Check: null }) break;
                to.Bool(done.Counter is not null);
                if (done.Counter is { } counter) to.Signed(counter);
                to.Bool(done.Check is not null);
                if (done.Check is { } check) WriteCheck(to, check);
                break;
            case ListReply listed:
                to.Byte(Listed);
                to.Count(listed.Id);
                to.Count(listed.Keys.Length);
                foreach (var key in listed.Keys) to.Key(key);
                to.Bool(listed.Next is not null);
                if (listed.Next is { } next) Write(to, next);
                break;
            case RequestFailed failed:
                to.Byte(failed.Context.IsEmpty ? Failed : FailedCondition);
                to.Count(failed.Id);
                to.Byte((byte)failed.Kind);
                to.Text(failed.Reason);
                to.Count(failed.Needed);
                to.Count(failed.Had);
                if (!failed.Context.IsEmpty) to.Bytes(failed.Context.Span);
                break;
        }
    }

    private static ClientReply ReadReply(ref ByteReader from)
    {
        var kind = from.Byte();
        var id = from.Count();
        switch (kind)
        {
            case Got or GotPart or GotData:
                var answered = from.Int();
                var context = from.Bytes();
                var values = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(from.ListLength());
                while (values.Count < values.Capacity) values.Add(from.Bytes());
                var got = new GetReply(id, values.MoveToImmutable(), context, answered, kind == GotPart || (kind == GotData && from.Bool()));
                return kind == GotData ? got with { Data = ReadData(ref from) } : got;
            case Done or DoneOnTerms:
                var w = from.Int();
                var seen = from.Bytes();
                var took = ImmutableArray.CreateBuilder<ReceiptLine>(from.ListLength(3));
                while (took.Count < took.Capacity) took.Add(new ReceiptLine(from.Node(), from.MaybeNode(), from.Bool()));
                var done = new PutReply(id, seen, w, took.MoveToImmutable());
                return kind == Done ? done : done with { Counter = from.Bool() ? from.Signed() : null, Check = from.Bool() ? ReadCheck(ref from) : null };
            case Listed:
                var keys = ImmutableArray.CreateBuilder<StorageKey>(from.ListLength(3));
                while (keys.Count < keys.Capacity) keys.Add(from.Key());
                return new ListReply(id, keys.MoveToImmutable(), from.Bool() ? ReadPlace(ref from) : null);
            case Failed or FailedCondition:
                var failed = new RequestFailed(id, ReadKind(ref from), from.Text(), from.Int(), from.Int());
                return kind == Failed ? failed : failed with { Context = from.Bytes() };
            default:
                throw new MalformedBytesException($"unknown reply kind {kind}");
        }
    }

    private static ImmutableArray<DataView> ReadData(ref ByteReader from)
    {
        var data = ImmutableArray.CreateBuilder<DataView>(from.ListLength(2));
        while (data.Count < data.Capacity) data.Add(DataCodec.ReadView(ref from));
        return data.MoveToImmutable();
    }

    private static void Write(ByteWriter to, ListPlace place)
    {
        to.Fixed64(place.From.Value);
        to.MaybeKey(place.After);
    }

    private static ListPlace ReadPlace(ref ByteReader from) => new(new Token(from.Fixed64()), from.MaybeKey());

    private static void WriteCheck(ByteWriter to, ConditionCheck check)
    {
        to.Node(check.By);
        to.Bool(check.IsFirst);
        to.Count(check.Answered);
    }

    private static ConditionCheck ReadCheck(ref ByteReader from) => new(from.Node(), from.Bool(), from.Int());

    private static void WriteLine(ByteWriter to, ReceiptLine line)
    {
        to.Node(line.Node);
        to.MaybeNode(line.FallbackFor);
        to.Bool(line.Synced);
    }

    private static FailureKind ReadKind(ref ByteReader from) =>
        from.Byte() is var kind && kind <= (byte)FailureKind.OperationFailed
            ? (FailureKind)kind : throw new MalformedBytesException($"unknown failure kind {kind}");
}
