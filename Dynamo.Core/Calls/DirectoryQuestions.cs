using System.Collections.Immutable;
using Dynamo.Core.Membership;

namespace Dynamo.Core.Calls;

/// <summary>
/// Decides which nodes a client asks for the cluster's directory, and when. It asks one that answers, which may be cut off from the others and know nothing of
/// that: so now and then, and whenever requests fail for want of answers, any other member and contact is asked too.
/// </summary>
public sealed class DirectoryQuestions(Random random, ImmutableArray<NodeAddress> contacts)
{
    /// <summary>Nodes that are asked after a failure: in a large cluster most of any four see the others.</summary>
    public const int AfterFailure = 4;

    /// <summary>One in so many questions of a client that is in use goes to any node as well. It may open a connection, so idle clients do without.</summary>
    public const int Rarely = 16;

    // While the ring changes, every reply shows a new state. The directory is long, and an old one does no harm: a wrong node says so.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    // Requests that fail, fail in numbers.
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(1);
    private bool _isOpen;
    private bool _isUsed;
    private int _asked;
    private TimeSpan _next;
    private TimeSpan _nextFailure;

    /// <summary>
    /// Starts a question: to a member that answers, and through the contacts too if none is known or the last question went unanswered. While the view in use is
    /// that of a node that sees few others, and rarely besides, one more node is asked.
    /// </summary>
    public (bool ByContacts, ImmutableArray<NodeAddress> Nodes) Ask(Router router, TimeSpan now)
    {
        var known = router.Known;
        var byContacts = known.IsEmpty || _isOpen;
        (_isOpen, _next) = (true, now + Between);
        if (router.State is null) return (byContacts, []);
        NodeAddress[] one = [];
        if (!known.IsEmpty)
        {
            var member = known[random.Next(known.Length)];
            router.Reach.Asked(member.Id, now);
            one = [member.Address];
        }
        return (byContacts, [.. one, .. Others(router, IsTimeForAnother(router) ? 1 : 0, one)]);
    }

    /// <summary>A request failed for want of answers: the nodes that are asked in addition, at once.</summary>
    public ImmutableArray<NodeAddress> Failed(Router router, TimeSpan now)
    {
        if (now < _nextFailure) return [];
        _nextFailure = now + BetweenFailures;
        return Others(router, AfterFailure, []);
    }

    /// <summary>A request was answered: the client is in use.</summary>
    public void Used() => _isUsed = true;

    /// <summary>Whether to ask now, after a reply showed that the cluster's state has changed.</summary>
    public bool IsTime(TimeSpan now) => !_isOpen && now >= _next;

    public void Answered() => _isOpen = false;

    private bool IsTimeForAnother(Router router)
    {
        if (!router.SeesMost) return true;
        if (!_isUsed || ++_asked < Rarely) return false;
        (_isUsed, _asked) = (false, 0);
        return true;
    }

    // An answer is welcome, and silence says nothing new: these questions count for nobody's reach.
    private ImmutableArray<NodeAddress> Others(Router router, int count, NodeAddress[] asked)
    {
        if (count == 0) return [];
        NodeAddress[] others = [.. (router.State?.Present ?? []).Select(m => m.Address).Union(contacts).Except(asked)];
        random.Shuffle(others);
        return [.. others.Take(count)];
    }
}
