using System.Collections.Immutable;
using Akka.Actor;
using Dynamo.Core.Quorum;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>The replies that gather for each client between two flushes.</summary>
internal sealed class Replies
{
    private readonly Dictionary<IActorRef, ImmutableArray<ClientReply>.Builder> _waiting = [];

    public void Add(IActorRef client, ClientReply reply)
    {
        if (!_waiting.TryGetValue(client, out var replies)) _waiting[client] = replies = ImmutableArray.CreateBuilder<ClientReply>();
        replies.Add(reply);
    }

    public void Flush(ulong stateHash, int batchBytes, IActorRef self)
    {
        foreach (var (client, replies) in _waiting)
        {
            var batch = ImmutableArray.CreateBuilder<ClientReply>(replies.Count);
            var bytes = 0;
            foreach (var reply in replies)
            {
                if (bytes > batchBytes)
                {
                    client.Tell(new ClientReplies(batch.ToImmutable(), stateHash), self);
                    batch.Clear();
                    bytes = 0;
                }
                batch.Add(reply);
                bytes += SizeOf(reply);
            }
            client.Tell(new ClientReplies(batch.ToImmutable(), stateHash), self);
        }
        _waiting.Clear();
    }

    public static GetReply Of(PendingGet get, ContextToken contexts)
    {
        var merged = get.Operation.Merged;
        var values = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(merged.Siblings.Length);
        var writes = new HashSet<ulong>();
        foreach (var sibling in merged.Siblings)
            // One write that a client sent twice may hold two dots: it is one value.
            if (!sibling.IsTombstone && (sibling.WriteId == 0 || writes.Add(sibling.WriteId))) values.Add(sibling.Value);
        var context = merged.IsEmpty ? [] : contexts.Seal(merged.Clock, get.Request.Key);
        return new GetReply(get.Request.Id, values.ToImmutable(), context, get.Quorum.AckCount);
    }

    public static PutReply Of(PendingPut put, ContextToken contexts) => new(
        put.Request.Id,
        contexts.Seal(put.Operation.Seen, put.Request.Key),
        put.Rules.W,
        [.. put.Operation.Taken.Select(t => new ReceiptLine(t.By.Node, t.By.StandsInFor, t.Synced))]);

    public static RequestFailed NotMet(Pending pending, string why)
    {
        var quorum = pending.Quorum;
        // Of a put too: its own store was asked first, and one that is late may still take it.
        var partial = pending is PendingPut ? "; the write may still take effect" : "";
        return new RequestFailed(pending.Request.Id, FailureKind.QuorumNotMet, $"{quorum.Shortfall()}{why}{partial}", quorum.Needed, quorum.AckCount);
    }

    private static int SizeOf(ClientReply reply) => 64 + (reply is GetReply get ? get.Values.Sum(v => v.Length) : 0);
}
