using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>
/// Routes one request of a client: to which nodes it goes, one after the other, and when the client gives up. A get moves on to the next replica when one
/// is late. A put that may have reached its node does not, unless the client resends puts: there would be two writes, and one could come back after the
/// other was replaced.
/// </summary>
/// <param name="attemptTimeout">Time limit for one node's answer.</param>
public sealed class CallRoute(StorageKey key, bool isWrite, bool isResent, TimeSpan deadline, TimeSpan attemptTimeout)
{
    // A node gets a little less than the time left, so that its own answer, with how many replicas answered, is here before the client gives up.
    private const double ShareForNode = 0.9;
    private static readonly TimeSpan MinForNode = TimeSpan.FromMilliseconds(1);

    // Before the nodes are tried again when the request could be sent to none; it doubles each time.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private readonly List<NodeId> _tried = [];
    private TimeSpan? _attemptDeadline;
    private (RefusalKind Kind, string Reason)? _lastRefusal;
    private TimeSpan _pause = FirstPause;
    private bool _isPaused;

    // Nodes that were sent the request and have not answered or failed yet.
    private int _open;

    /// <summary>The nodes that were sent the request, in order.</summary>
    public IReadOnlyList<NodeId> Tried => _tried;

    /// <summary>The request is a write that is in flight to some node, or that some node left unanswered.</summary>
    public bool MayHaveTakenEffect => isWrite && _open > 0;

    /// <summary>The deadline of the request, or of the newest attempt, has passed.</summary>
    public bool IsDue(TimeSpan now) => now >= deadline || now >= _attemptDeadline;

    /// <summary>Sends the request to the first node, or to the next one after a failure.</summary>
    public CallStep Next(Router router, TimeSpan now)
    {
        if (router.Next(key, _tried) is not { } node)
        {
            // A node that was asked and is late may still answer.
            if (_open == 0) return _tried.Count > 0 && _lastRefusal is null && now + _pause < deadline ? Pause(now) : GiveUp(router);
            _attemptDeadline = deadline;
            return CallStep.Wait.Instance;
        }
        _tried.Add(node);
        _open++;
        var left = deadline - now;
        _attemptDeadline = now + (left < attemptTimeout ? left : attemptTimeout);
        return new CallStep.Send(node, left * ShareForNode > MinForNode ? left * ShareForNode : MinForNode, IsAgain: isWrite && _open > 1);
    }

    /// <summary>A node refused the request and did nothing: another replica may serve it.</summary>
    public CallStep Refused(NodeId node, RefusalKind kind, string reason, Router router, TimeSpan now)
    {
        if (kind == RefusalKind.WrongNode) router.Reach.Failed(node, now);
        _lastRefusal = (kind, reason);
        return Failed(node, router, now);
    }

    /// <summary>The message could not be sent, so it had no effect.</summary>
    public CallStep NotSent(NodeId node, Router router, TimeSpan now)
    {
        router.Reach.Failed(node, now);
        return Failed(node, router, now);
    }

    /// <summary>Call when <see cref="IsDue"/>.</summary>
    public CallStep TimePassed(Router router, TimeSpan now)
    {
        if (_isPaused) return Resume(router, now);
        if (_tried.Count > 0) router.Reach.Failed(_tried[^1], now);
        if (now >= deadline) return GiveUp(router);
        if (!MayHaveTakenEffect || (isResent && router.Next(key, _tried) is not null)) return Next(router, now);
        _attemptDeadline = deadline;
        return CallStep.Wait.Instance;
    }

    // A client that was suspended, or cut off, finds all its connections closed, and Akka.Remote sends nothing for a moment after it has lost one.
    private CallStep.Wait Pause(TimeSpan now)
    {
        (_isPaused, _attemptDeadline, _pause) = (true, now + _pause, _pause * 2);
        return CallStep.Wait.Instance;
    }

    private CallStep Resume(Router router, TimeSpan now)
    {
        _isPaused = false;
        if (now >= deadline) return GiveUp(router);
        _tried.Clear();
        return Next(router, now);
    }

    // Goes to the next node, unless a later one was asked already.
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
