using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Requests;

/// <summary>
/// One request at its coordinator (sections 4.5 and 4.6 of the paper). Each event adds what is to be done next to a list that the caller owns and
/// empties. The client is answered as soon as the verdict is known; the request is over when all participants have answered, so that a late
/// failure still becomes a hint and a late answer a repair.
/// </summary>
/// <remarks>Times are those of one monotonic clock.</remarks>
public abstract class Coordination
{
    private readonly int _n;
    private readonly TimeSpan _deadline;

    private protected Coordination(StorageKey key, int n, Needed needed, TimeSpan deadline, ClusterView view)
    {
        _n = n;
        _deadline = deadline;
        Key = key;
        Partition = view.Ring.PartitionOf(key.Token);
        Quorum = new RequestQuorum(SelfFirst(PreferenceList.Choose(view.Ring, Partition, n, view.IsHealthy), view.Self), needed);
    }

    public StorageKey Key { get; }

    /// <summary>The coordinator first, if it is one of them; fallbacks that come in for participants that fail are added at the end.</summary>
    public IReadOnlyList<Participant> Participants => Quorum.Participants;

    public bool IsReplied { get; private set; }

    public bool IsOver { get; private set; }

    private protected RequestQuorum Quorum { get; }

    private protected int Partition { get; }

    /// <summary>A participant that fails now is replaced.</summary>
    private protected abstract bool WantsFallback { get; }

    /// <param name="tombstoneGrace">How long tombstones are kept. A request must not outlive it: what it deletes, or brings back, is settled before.</param>
    public static TimeSpan DeadlineOf(TimeSpan now, TimeSpan timeout, TimeSpan tombstoneGrace)
    {
        var max = tombstoneGrace / 2;
        return now + (timeout < max ? timeout : max);
    }

    /// <summary>A participant said no, cannot be reached, or did not answer in time.</summary>
    /// <param name="isLate">There was no answer in time, which does not say that there will be none.</param>
    public void Failed(int place, bool isLate, TimeSpan now, ClusterView view, List<Effect> effects)
    {
        if (HasAnswered(place)) return;
        var failed = Participants[place];
        var fallback = NextFallback(now, view);
        // If no fallback is left, a participant that is only late is asked again: both questions may be asked twice.
        if (fallback is null && isLate && !IsReplied && IsInTime(now) && view.IsHealthy(failed.Node) && CanWaitFor(place))
        {
            effects.Add(Question(place));
            return;
        }

        Fail(place, effects);
        if (fallback is { } node && WantsFallback) effects.Add(Question(Quorum.Add(new Participant(node, failed.FallbackFor ?? failed.Node))));
        Settle(effects);
    }

    /// <summary>Too much waits for the participant already: it was not asked.</summary>
    public void NoRoom(int place, TimeSpan now, ClusterView view, List<Effect> effects) => Failed(place, isLate: false, now, view, effects);

    /// <summary>To be called now and then: at the deadline, a client that has no answer gets one.</summary>
    public void TimePassed(TimeSpan now, List<Effect> effects)
    {
        if (!IsReplied && !IsOver && !IsInTime(now)) Reply(NotMet(" in time"), effects);
    }

    private protected bool IsInTime(TimeSpan now) => now < _deadline;

    /// <summary>Nothing that the participant says counts any more.</summary>
    private protected bool HasAnswered(int place) => IsOver || Quorum.HasAnswered(place);

    private protected void Settle(List<Effect> effects)
    {
        if (!IsReplied && Quorum.Verdict is var verdict and not Verdict.Pending) Reply(verdict == Verdict.Met ? Success() : NotMet(""), effects);
        if (!Quorum.IsComplete) return;
        Finish(effects);
        End(effects);
    }

    private protected void Reply(Outcome outcome, List<Effect> effects)
    {
        if (IsReplied) return;
        IsReplied = true;
        effects.Add(new Effect.Reply(outcome));
    }

    private protected void End(List<Effect> effects)
    {
        IsOver = true;
        effects.Add(Effect.Done.Instance);
    }

    /// <summary>How the participant is asked: the first time, again, or as a fallback.</summary>
    private protected abstract Effect Question(int place);

    private protected abstract Outcome Success();

    /// <param name="when">What there is to say of the time, or nothing.</param>
    private protected abstract Outcome NotMet(string when);

    private protected virtual bool CanWaitFor(int place) => true;

    private protected virtual void Fail(int place, List<Effect> effects) => Quorum.Fail(place);

    /// <summary>All have answered.</summary>
    private protected virtual void Finish(List<Effect> effects)
    {
    }

    private NodeId? NextFallback(TimeSpan now, ClusterView view) => !IsInTime(now) || Participants.Count >= Tally.MaxParticipants
        ? null : PreferenceList.NextFallback(view.Ring, Partition, _n, Participants, view.IsHealthy);

    private static ImmutableArray<Participant> SelfFirst(ImmutableArray<Participant> participants, NodeId self)
    {
        for (var place = 1; place < participants.Length; place++)
            if (participants[place].Node == self) return participants.RemoveAt(place).Insert(0, participants[place]);
        return participants;
    }
}
