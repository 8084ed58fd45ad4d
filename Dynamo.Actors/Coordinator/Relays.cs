using Akka.Actor;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// Writes of keys that this node has no replica of, passed on to one that does. The answer comes back through this node: the client asked it because it
/// reaches no replica, and nodes do not dial clients. A replica that refuses did nothing, so the next one gets the write.
/// </summary>
/// <param name="self">The coordinator, to which the replicas answer.</param>
internal sealed class Relays(NodeId node, ReplicaAsks asks, Replies replies, IActorRef self)
{
    // For an answer that the replica sends just in time.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private readonly Dictionary<long, Relay> _underWay = [];

    // Replicas tell repeated deliveries of a write by their numbers, so those of different nodes, and of clients, must differ.
    private long _lastId = (long)(StorageKey.Of(node.Name).Token.Value >> 2);

    public int Count => _underWay.Count;

    /// <param name="first">The node that gets it first.</param>
    /// <param name="deadline">Of the request, on the scheduler's monotonic clock.</param>
    public void PassOn(PendingPut put, NodeId first, TimeSpan deadline)
    {
        var others = put.Coordination.Participants.Select(p => p.Node).Where(n => n != first && n != node);
        TrySend(new Relay(put.Client, put.Request, new Queue<NodeId>([first, .. others]), deadline + Grace));
    }

    public void Take(ClientReplies came)
    {
        foreach (var reply in came.Replies)
        {
            if (!_underWay.Remove(reply.Id, out var relay)) continue;
            if (reply.Refusal() is null || !TrySend(relay)) replies.Add(relay.Client, reply with { Id = relay.Request.Id });
        }
    }

    /// <summary>Forgets writes whose clients have given up.</summary>
    public void Sweep(TimeSpan now)
    {
        if (_underWay.Count == 0) return;
        foreach (var (id, relay) in _underWay)
            if (now >= relay.Limit) _underWay.Remove(id);
    }

    /// <summary>The coordinator failed, and knows none of these writes afterwards.</summary>
    public void Lose()
    {
        foreach (var relay in _underWay.Values) replies.AddLost(relay.Client, relay.Request, isBegun: true);
    }

    private bool TrySend(Relay relay)
    {
        while (relay.Replicas.TryDequeue(out var replica))
        {
            if (asks.CoordinatorOf(replica) is not { } coordinator) continue;
            _underWay[++_lastId] = relay;
            coordinator.Tell(new ClientBatch([relay.Request with { Id = _lastId, IsForwarded = true }]), self);
            return true;
        }
        return false;
    }

    /// <param name="Replicas">Those that were not asked yet, in preference order.</param>
    private sealed record Relay(IActorRef Client, PutRequest Request, Queue<NodeId> Replicas, TimeSpan Limit);
}
