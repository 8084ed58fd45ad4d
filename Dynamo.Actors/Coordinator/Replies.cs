using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.DataTypes;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>The replies queued for each client until the next flush.</summary>
internal sealed class Replies(DynamoSettings settings, ContextToken contexts, IScheduler scheduler)
{
    private readonly NodeId _self = settings.Node.Id;
    private readonly Dictionary<IActorRef, List<ClientReply>> _waiting = [];

    private long NowMs => scheduler.Now.ToUnixTimeMilliseconds();

    public void Add(IActorRef client, ClientReply reply)
    {
        if (!_waiting.TryGetValue(client, out var replies)) _waiting[client] = replies = [];
        replies.Add(reply);
    }

    public void Add(Pending pending, Outcome outcome)
    {
        var reply = Of(pending, outcome);
        if (reply is not GetReply got || SizeOf(got) <= RecordSizes.SliceBytes) Add(pending.Client, reply);
        else foreach (var part in PartsOf(got)) Add(pending.Client, part);
    }

    /// <summary>Answers a request lost in a failure. A begun put may be stored, so it must not be resent as a new write; others may be retried.</summary>
    public void AddLost(IActorRef client, ClientRequest request, bool isBegun) => Add(client, request is PutRequest && isBegun
        ? new RequestFailed(request.Id, FailureKind.QuorumNotMet, $"the coordinator of node {_self} failed and lost the request; the write may still take effect")
        : new RequestFailed(request.Id, FailureKind.WrongNode, $"the coordinator of node {_self} failed and lost the request"));

    public void Flush(ulong stateHash, IActorRef self)
    {
        foreach (var (client, replies) in _waiting)
            foreach (var batch in ByteSlices.Of(replies, settings.Limits.BatchBytes, SizeOf)) client.Tell(new ClientReplies([.. batch], stateHash), self);
        _waiting.Clear();
    }

    private ClientReply Of(Pending pending, Outcome outcome) => outcome switch
    {
        Outcome.Found found => Got(pending.Request, found, NowMs),
        Outcome.Stored stored => Done((PendingPut)pending, stored),
        _ => Failed(pending.Request.Id, pending.Request.Key, outcome),
    };

    private GetReply Got(ClientRequest request, Outcome.Found found, long nowMs) =>
        new(request.Id, found.Values(nowMs), SealOf(found.Merged, request.Key), found.Answered) { Data = found.Data(nowMs) };

    private PutReply Done(PendingPut put, Outcome.Stored stored) =>
        new(put.Request.Id, contexts.Seal(stored.Seen, put.Request.Key), stored.Needed, LinesOf(stored.By))
        {
            Check = put.Check,
            Counter = put.Request.Terms?.Operation is DataOperation.Add ? CounterOf(put.Coordination.Stored!) : null,
        };

    private RequestFailed Failed(long request, StorageKey key, Outcome outcome) => outcome switch
    {
        Outcome.ConditionFailed failed => new RequestFailed(request, FailureKind.ConditionFailed, failed.Reason) { Context = SealOf(failed.Held, key) },
        Outcome.OperationFailed failed => new RequestFailed(request, FailureKind.OperationFailed, failed.Reason),
        Outcome.NotMet notMet => new RequestFailed(request, FailureKind.QuorumNotMet, notMet.Reason, notMet.Needed, notMet.Answered),
        Outcome.OwnStoreLate late => new RequestFailed(request, FailureKind.QuorumNotMet, late.Reason, late.Needed, late.Answered),
        Outcome.NotStored failed => new RequestFailed(request, FailureKind.NotStored, $"node {_self} could not store the write: {failed.Reason}"),
        Outcome.TooLarge held => new RequestFailed(
            request, FailureKind.BadRequest,
            $"the key has {held.Siblings} siblings of {held.Bytes} bytes together, and this value beside them is over the limit of {settings.Limits.RecordBytes} (dynamo.limits.record-bytes): a put with the context of a get replaces them"),
        Outcome.NoRoom => new RequestFailed(
            request, FailureKind.Overloaded,
            $"node {_self} has {settings.Limits.ReplicaQueue} writes waiting for its store: that is the limit (dynamo.limits.replica-queue)"),
        Outcome.NoReplica => new RequestFailed(request, FailureKind.WrongNode, $"node {_self} is no replica of the key"),
        _ => throw new NotSupportedException($"{outcome} has no reply"),
    };

    private byte[] SealOf(VersionSet held, StorageKey key) => held.IsEmpty ? [] : contexts.Seal(held.Clock, key);

    private long? CounterOf(VersionSet set) => TypedSiblings.Of(set, NowMs).Values.Select(v => v.View).OfType<DataView.Counter>().FirstOrDefault()?.Value;

    // What the data types hold is part of the last message, or of one more.
    private static IEnumerable<GetReply> PartsOf(GetReply whole)
    {
        for (int start = 0, end; start < whole.Values.Length; start = end)
        {
            end = ByteSlices.End(whole.Values, start, RecordSizes.SliceBytes, SizeOf);
            var isLast = end == whole.Values.Length && whole.Data.IsEmpty;
            yield return whole with { Values = whole.Values[start..end], HasMore = !isLast, Data = [] };
        }
        if (!whole.Data.IsEmpty) yield return whole with { Values = [] };
    }

    private static ImmutableArray<ReceiptLine> LinesOf(ImmutableArray<Taken> by)
    {
        var lines = ImmutableArray.CreateBuilder<ReceiptLine>(by.Length);
        foreach (var taken in by) lines.Add(new ReceiptLine(taken.By.Node, taken.By.FallbackFor, taken.Synced));
        return lines.MoveToImmutable();
    }

    private static int SizeOf(ClientReply reply) => 64 + reply switch
    {
        GetReply get => get.Context.Length + get.Values.Sum(SizeOf) + (int)get.Data.Sum(d => d.Bytes),
        PutReply put => put.Context.Length + put.Took.Sum(SizeOf),
        ListReply list => list.Keys.Sum(k => k.Encoded.Length + 4),
        RequestFailed failed => failed.Context.Length + Encoding.UTF8.GetByteCount(failed.Reason),
        _ => 0,
    };

    private static int SizeOf(ReceiptLine line) => line.Node.Name.Length + (line.FallbackFor?.Name.Length ?? 0) + 4;

    private static int SizeOf(ReadOnlyMemory<byte> value) => value.Length + 8;
}
