using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class ClientCodec
{
    private const byte Get = 1, Put = 2, Delete = 3;
    private const byte Got = 1, Done = 2, Failed = 3, GotPart = 4;

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
        to.Byte(request switch { PutRequest { IsDelete: true } => Delete, PutRequest => Put, _ => Get });
        to.Count(request.Id);
        to.Key(request.Key);
        to.Count(request.TimeoutMs);
        to.Bool(request.IsForwarded);
        Write(to, request.Quorum);
        if (request is not PutRequest put) return;
        to.Fixed64(put.WriteId);
        to.Bytes(put.Context.Span);
        if (!put.IsDelete) to.Bytes(put.Value.Span);
    }

    private static ClientRequest ReadRequest(ref ByteReader from)
    {
        var kind = from.Byte();
        if (kind is < Get or > Delete) throw new MalformedBytesException($"unknown request kind {kind}");
        var id = from.Count();
        var key = from.Key();
        var timeout = from.Int();
        var forwarded = from.Bool();
        var quorum = ReadQuorum(ref from);
        if (kind == Get) return new GetRequest(id, key, quorum, timeout, forwarded);
        var writeId = from.Fixed64();
        var context = from.Bytes();
        var value = kind == Put ? from.Bytes().ToArray() : default;
        return new PutRequest(id, key, context, value, kind == Delete, writeId, quorum, timeout, forwarded);
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
                to.Byte(got.HasMore ? GotPart : Got);
                to.Count(got.Id);
                to.Count(got.Answered);
                to.Bytes(got.Context.Span);
                to.Count(got.Values.Length);
                foreach (var value in got.Values) to.Bytes(value.Span);
                break;
            case PutReply done:
                to.Byte(Done);
                to.Count(done.Id);
                to.Count(done.W);
                to.Bytes(done.Context.Span);
                to.Count(done.Took.Length);
                foreach (var line in done.Took) WriteLine(to, line);
                break;
            case RequestFailed failed:
                to.Byte(Failed);
                to.Count(failed.Id);
                to.Byte((byte)failed.Kind);
                to.Text(failed.Reason);
                to.Count(failed.Needed);
                to.Count(failed.Had);
                break;
        }
    }

    private static ClientReply ReadReply(ref ByteReader from)
    {
        var kind = from.Byte();
        var id = from.Count();
        switch (kind)
        {
            case Got or GotPart:
                var answered = from.Int();
                var context = from.Bytes();
                var values = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(from.ListLength());
                while (values.Count < values.Capacity) values.Add(from.Bytes());
                return new GetReply(id, values.MoveToImmutable(), context, answered, kind == GotPart);
            case Done:
                var w = from.Int();
                var seen = from.Bytes();
                var took = ImmutableArray.CreateBuilder<ReceiptLine>(from.ListLength(3));
                while (took.Count < took.Capacity) took.Add(new ReceiptLine(from.Node(), from.MaybeNode(), from.Bool()));
                return new PutReply(id, seen, w, took.MoveToImmutable());
            case Failed:
                return new RequestFailed(id, ReadKind(ref from), from.Text(), from.Int(), from.Int());
            default:
                throw new MalformedBytesException($"unknown reply kind {kind}");
        }
    }

    private static void WriteLine(ByteWriter to, ReceiptLine line)
    {
        to.Node(line.Node);
        to.MaybeNode(line.FallbackFor);
        to.Bool(line.Synced);
    }

    private static FailureKind ReadKind(ref ByteReader from) =>
        from.Byte() is var kind && kind <= (byte)FailureKind.NotStored
            ? (FailureKind)kind : throw new MalformedBytesException($"unknown failure kind {kind}");
}
