using Dynamo.Core.Membership;

namespace Dynamo.Core.Calls;

/// <summary>Whom a client asks what the cluster is like, and when.</summary>
public sealed class DirectoryQuestions(Random random)
{
    // While the ring changes each reply shows another state; the directory is long, and a node that is asked wrongly says so.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private bool _isOpen;
    private TimeSpan _next;

    /// <summary>Asks: a member that is known, and the contacts until one is known, or when the last question stayed unanswered.</summary>
    public (bool ByContacts, NodeAddress? Member) Ask(Router router, TimeSpan now)
    {
        var known = router.Known;
        var byContacts = known.IsEmpty || _isOpen;
        (_isOpen, _next) = (true, now + Between);
        return (byContacts, known.IsEmpty ? null : known[random.Next(known.Length)].Address);
    }

    /// <summary>A reply shows that the cluster's state is another: whether to ask for it now.</summary>
    public bool IsTime(TimeSpan now) => !_isOpen && now >= _next;

    public void Answered() => _isOpen = false;
}
