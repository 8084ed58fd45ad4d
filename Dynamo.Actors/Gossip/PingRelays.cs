using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Pings that this node sends for others. Each is reported on: "no" too is an answer, and shows that this node is there.</summary>
internal sealed class PingRelays(IGossiping node)
{
    // Who is asked for more than this says no at once.
    private const int Most = 1000;
    private readonly Dictionary<long, Relay> _relays = [];

    public bool TryBegin(long number, PingRequest request, Member target, IActorRef asker, long nowMs)
    {
        if (_relays.Count >= Most) return false;
        _relays[number] = new Relay(asker, request.Number, request.Target, nowMs + request.TimeoutMs);
        node.Tell(target, new Ping(node.Origin, number));
        return true;
    }

    /// <returns>False when the pong is not for one of these.</returns>
    public bool Answer(Pong pong)
    {
        if (!_relays.TryGetValue(pong.Number, out var relay) || relay.Target != pong.From.Node) return false;
        _relays.Remove(pong.Number);
        relay.Asker.Tell(new PingReport(node.Origin, relay.Number, IsAlive: true));
        return true;
    }

    public void Expire(long nowMs)
    {
        foreach (var (number, relay) in _relays.Where(r => r.Value.DeadlineMs <= nowMs).ToArray())
        {
            _relays.Remove(number);
            relay.Asker.Tell(new PingReport(node.Origin, relay.Number, IsAlive: false));
        }
    }

    private sealed record Relay(IActorRef Asker, long Number, NodeId Target, long DeadlineMs);
}
