using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>Pings that this node sends for others. Each result is reported: even a "no" shows that this node is alive.</summary>
internal sealed class PingRelays
{
    // Beyond this number, an asker is told "no" at once.
    private const int Max = 1000;
    private readonly Dictionary<long, Relay> _relays = [];

    /// <param name="target">Null: this node does not know it.</param>
    /// <param name="number">The number of this node's own ping; <paramref name="askedAs"/> is the asker's.</param>
    public void Begin(NodeId asker, long askedAs, Member? target, long number, long deadlineMs, List<FailureEffect> effects)
    {
        if (target is null || _relays.Count >= Max)
        {
            effects.Add(new FailureEffect.Report(asker, askedAs, IsAlive: false));
            return;
        }
        _relays[number] = new Relay(asker, askedAs, target.Id, deadlineMs);
        effects.Add(new FailureEffect.Ping(target, number));
    }

    /// <returns>False when the answer belongs to no relayed ping.</returns>
    public bool Answered(NodeId from, long number, List<FailureEffect> effects)
    {
        if (!_relays.TryGetValue(number, out var relay) || relay.Target != from) return false;
        _relays.Remove(number);
        effects.Add(new FailureEffect.Report(relay.Asker, relay.AskedAs, IsAlive: true));
        return true;
    }

    public void Expire(long nowMs, List<FailureEffect> effects)
    {
        foreach (var (number, relay) in _relays.Where(r => r.Value.DeadlineMs <= nowMs).ToArray())
        {
            _relays.Remove(number);
            effects.Add(new FailureEffect.Report(relay.Asker, relay.AskedAs, IsAlive: false));
        }
    }

    private sealed record Relay(NodeId Asker, long AskedAs, NodeId Target, long DeadlineMs);
}
