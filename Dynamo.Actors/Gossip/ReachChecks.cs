using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Finds out for an operator whether this node reaches nodes at addresses. A node is reached when it answers a ping and can be dialled: one that dialled this
/// node answers pings over that connection, even if nobody can dial it.
/// </summary>
/// <param name="ping">Pings the node at an address.</param>
/// <param name="dial">Dials the address; the outcome goes to <see cref="Dialled"/>.</param>
internal sealed class ReachChecks(Action<NodeAddress, long> ping, Action<NodeAddress, long> dial)
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
        var check = _checks[++_lastNumber] = new Check(request, asker, nowMs + request.TimeoutMs);
        Try(check, _lastNumber, nowMs);
    }

    /// <summary>A node answered a ping.</summary>
    public void Answered(NodeId from, long number)
    {
        if (!_checks.TryGetValue(number, out var check) || check.Request.Node != from) return;
        check.HasAnswered = true;
        Settle(number, check);
    }

    /// <summary>A dial ended.</summary>
    public void Dialled(DialEnded ended)
    {
        if (!_checks.TryGetValue(ended.Number, out var check)) return;
        (check.IsDialling, check.CanBeDialled) = (false, ended.IsReached);
        Settle(ended.Number, check);
    }

    public void Tick(long nowMs)
    {
        foreach (var (number, check) in _checks.ToArray())
        {
            if (nowMs >= check.DeadlineMs) Report(number, check, isReached: false);
            else if (nowMs - check.TriedMs >= AgainMs) Try(check, number, nowMs);
        }
    }

    private void Try(Check check, long number, long nowMs)
    {
        check.TriedMs = nowMs;
        if (!check.HasAnswered) ping(check.Request.At, number);
        if (check.CanBeDialled || check.IsDialling) return;
        check.IsDialling = true;
        dial(check.Request.At, number);
    }

    private void Settle(long number, Check check)
    {
        if (check is { HasAnswered: true, CanBeDialled: true }) Report(number, check, isReached: true);
    }

    private void Report(long number, Check check, bool isReached)
    {
        _checks.Remove(number);
        check.Asker.Tell(new ReachReport(isReached));
    }

    private sealed record Check(ReachRequest Request, IActorRef Asker, long DeadlineMs)
    {
        public long TriedMs { get; set; }

        public bool HasAnswered { get; set; }

        public bool IsDialling { get; set; }

        public bool CanBeDialled { get; set; }
    }
}

/// <summary>The outcome of a dial for an operator.</summary>
internal sealed record DialEnded(long Number, bool IsReached);
