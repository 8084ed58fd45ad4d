using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>
/// One request at its client: which nodes it is sent to, one after the other, and when the client gives up. A get goes to the next replica when one is late. A put that may
/// have reached its node does not, unless the client resends puts: the two would be two writes, and the one could come back after the other was replaced.
/// </summary>
/// <param name="attemptTimeout">For one node to answer.</param>
public sealed class CallRoute(StorageKey key, bool isWrite, bool isResent, TimeSpan deadline, TimeSpan attemptTimeout)
{
    // A little less than is left: so the node's own word, with how many answered, is here before the client gives up.
    private const double ShareForNode = 0.9;
    private static readonly TimeSpan MinForNode = TimeSpan.FromMilliseconds(1);
    private readonly List<NodeId> _tried = [];
    private TimeSpan? _attemptDeadline;
    private (RefusalKind Kind, string Reason)? _lastRefusal;

    // Nodes that it was sent to and of which nothing is known yet.
    private int _open;

    /// <summary>The nodes that it was sent to, the last one last.</summary>
    public IReadOnlyList<NodeId> Tried => _tried;

    /// <summary>It is a write, and under way to some node, or was and got no answer.</summary>
    public bool MayHaveTakenEffect => isWrite && _open > 0;

    /// <summary>The deadline of the request, or of the newest attempt, has passed.</summary>
    public bool IsDue(TimeSpan now) => now >= deadline || now >= _attemptDeadline;

    /// <summary>To the next node, at first or after the last one failed.</summary>
    public CallStep Next(Router router, TimeSpan now)
    {
        if (router.Next(key, _tried, now) is not { } node)
        {
            // A node that was asked and is late may still answer.
            if (_open == 0) return GiveUp(router);
            _attemptDeadline = deadline;
            return CallStep.Wait.Instance;
        }
        _tried.Add(node);
        _open++;
        var left = deadline - now;
        _attemptDeadline = now + (left < attemptTimeout ? left : attemptTimeout);
        return new CallStep.Send(node, left * ShareForNode > MinForNode ? left * ShareForNode : MinForNode);
    }

    /// <summary>A node did nothing of it: another replica may be better off.</summary>
    public CallStep Refused(NodeId node, RefusalKind kind, string reason, Router router, TimeSpan now)
    {
        if (kind == RefusalKind.WrongNode) router.Avoid(node, now);
        _lastRefusal = (kind, reason);
        return Failed(node, router, now);
    }

    /// <summary>The message could not be sent: it surely did nothing.</summary>
    public CallStep NotSent(NodeId node, Router router, TimeSpan now)
    {
        router.Avoid(node, now);
        return Failed(node, router, now);
    }

    /// <summary>To be called when it <see cref="IsDue"/>.</summary>
    public CallStep TimePassed(Router router, TimeSpan now)
    {
        if (_tried.Count > 0) router.Avoid(_tried[^1], now);
        if (now >= deadline) return GiveUp(router);
        if (!MayHaveTakenEffect || (isResent && router.Next(key, _tried, now) is not null)) return Next(router, now);
        _attemptDeadline = deadline;
        return CallStep.Wait.Instance;
    }

    // The next node, unless that is asked already.
    private CallStep Failed(NodeId node, Router router, TimeSpan now)
    {
        _open--;
        return _tried[^1] == node ? Next(router, now) : CallStep.Wait.Instance;
    }

    private CallStep.GiveUp GiveUp(Router router)
    {
        // One node's refusal says nothing about another node that did not answer.
        if (!MayHaveTakenEffect && _lastRefusal is var (kind, reason))
            return new CallStep.GiveUp(kind == RefusalKind.Overloaded ? CallFailure.Overloaded : CallFailure.Refused, reason);
        return new CallStep.GiveUp(router.State switch
        {
            null => CallFailure.NobodyKnown,
            { Ring.Serving.IsNone: true } => CallFailure.NoRing,
            _ => CallFailure.NoAnswer,
        });
    }
}
