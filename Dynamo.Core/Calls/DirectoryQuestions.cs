using Dynamo.Core.Membership;

namespace Dynamo.Core.Calls;

/// <summary>Decides which nodes a client asks for the cluster's directory, and when.</summary>
public sealed class DirectoryQuestions(Random random)
{
    // While the ring changes, every reply shows a new state. The directory is long, and an old one does no harm: a wrong node says so.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private bool _isOpen;
    private TimeSpan _next;

    /// <summary>Starts a question: to a known member, and to the contacts too if none is known or the last question went unanswered.</summary>
    public (bool ByContacts, NodeAddress? Member) Ask(Router router, TimeSpan now)
    {
        var known = router.Known;
        var byContacts = known.IsEmpty || _isOpen;
        (_isOpen, _next) = (true, now + Between);
        if (known.IsEmpty) return (byContacts, null);
        var member = known[random.Next(known.Length)];
        router.Reach.Asked(member.Id, now);
        return (byContacts, member.Address);
    }

    /// <summary>Whether to ask now, after a reply showed that the cluster's state has changed.</summary>
    public bool IsTime(TimeSpan now) => !_isOpen && now >= _next;

    public void Answered() => _isOpen = false;
}
