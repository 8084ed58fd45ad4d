using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Pings nodes at addresses for an operator who wants to know whether this node reaches them.</summary>
internal sealed class ReachChecks(Action<NodeAddress, long> ping)
{
    // Apart from the numbers of other pings.
    private const long FirstNumber = 1L << 41;
    private const int Max = 1000;

    // A connection that failed is not dialled again at once.
    private const long AgainMs = 500;
    private readonly Dictionary<long, Check> _checks = [];
    private long _lastNumber = FirstNumber;

    public void Begin(ReachRequest request, IActorRef asker, long nowMs)
    {
        if (_checks.Count >= Max)
        {
            asker.Tell(new ReachReport(IsReached: false));
            return;
        }
        _checks[++_lastNumber] = new Check(request, asker, nowMs + request.TimeoutMs) { PingedMs = nowMs };
        ping(request.At, _lastNumber);
    }

    public void Answered(NodeId from, long number)
    {
        if (!_checks.TryGetValue(number, out var check) || check.Request.Node != from) return;
        _checks.Remove(number);
        check.Asker.Tell(new ReachReport(IsReached: true));
    }

    public void Tick(long nowMs)
    {
        foreach (var (number, check) in _checks.ToArray())
        {
            if (nowMs >= check.DeadlineMs)
            {
                _checks.Remove(number);
                check.Asker.Tell(new ReachReport(IsReached: false));
            }
            else if (nowMs - check.PingedMs >= AgainMs)
            {
                check.PingedMs = nowMs;
                ping(check.Request.At, number);
            }
        }
    }

    private sealed record Check(ReachRequest Request, IActorRef Asker, long DeadlineMs)
    {
        public long PingedMs { get; set; }
    }
}
