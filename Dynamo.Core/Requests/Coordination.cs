using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Requests;

/// <summary>
/// One request at its coordinator (sections 4.5 and 4.6 of the paper). Each event appends its effects to a list that the caller owns and empties.
/// The client is answered as soon as the verdict is known; the request is over when all participants have answered, so that a late failure still
/// becomes a hint and a late answer a repair.
/// </summary>
/// <remarks>All times are from one monotonic clock.</remarks>
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
        var chosen = PreferenceList.Choose(view.Ring, Partition, n, view.IsHealthy);
        First = chosen[0].Node;
        Quorum = new RequestQuorum(SelfFirst(chosen, view.Self), needed);
    }

    public StorageKey Key { get; }

    /// <summary>The coordinator first, if it is one of them; fallbacks for participants that fail are added at the end.</summary>
    public IReadOnlyList<Participant> Participants => Quorum.Participants;

    /// <summary>The first participant in the order of the preference list: all nodes that agree on the ring and on who is up name the same one.</summary>
    public NodeId First { get; }

    public bool IsReplied { get; private set; }

    public bool IsOver { get; private set; }

    private protected RequestQuorum Quorum { get; }

    private protected int Partition { get; }

    /// <summary>Whether a participant that fails now is replaced by a fallback.</summary>
    private protected abstract bool WantsFallback { get; }

    /// <param name="tombstoneGrace">The time that tombstones are kept. A request must not outlive it: its deletes and writes are settled before.</param>
    public static TimeSpan DeadlineOf(TimeSpan now, TimeSpan timeout, TimeSpan tombstoneGrace)
    {
        var max = tombstoneGrace / 2;
        return now + (timeout < max ? timeout : max);
    }

    /// <summary>A participant refused, cannot be reached, or did not answer in time.</summary>
    /// <param name="isLate">There was no answer in time; one may still come.</param>
    public void Failed(int place, bool isLate, TimeSpan now, ClusterView view, List<Effect> effects)
    {
        if (HasAnswered(place)) return;
        var failed = Participants[place];
        var fallback = NextFallback(now, view);
        // If no fallback is left, a participant that is only late is asked again: a read and a store may both be repeated.
        if (fallback is null && isLate && !IsReplied && IsInTime(now) && view.IsHealthy(failed.Node) && CanWaitFor(place))
        {
            effects.Add(Question(place));
            return;
        }

        Fail(place, effects);
        if (fallback is { } node && WantsFallback) effects.Add(Question(Quorum.Add(new Participant(node, failed.FallbackFor ?? failed.Node))));
        Settle(effects);
    }

    /// <summary>The participant was not asked, since too much waits for it already.</summary>
    public void NoRoom(int place, TimeSpan now, ClusterView view, List<Effect> effects) => Failed(place, isLate: false, now, view, effects);

    /// <summary>Call now and then: at the deadline, a client without an answer gets one.</summary>
    public void TimePassed(TimeSpan now, List<Effect> effects)
    {
        if (!IsReplied && !IsOver && !IsInTime(now)) Reply(NotMet(" in time"), effects);
    }

    private protected bool IsInTime(TimeSpan now) => now < _deadline;

    /// <summary>Further answers of the participant no longer count.</summary>
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

    /// <summary>The effect that asks the participant: the first time, again, or as a fallback.</summary>
    private protected abstract Effect Question(int place);

    private protected abstract Outcome Success();

    /// <param name="when">Words about the time limit, or empty.</param>
    private protected abstract Outcome NotMet(string when);

    private protected virtual bool CanWaitFor(int place) => true;

    private protected virtual void Fail(int place, List<Effect> effects) => Quorum.Fail(place);

    /// <summary>All participants have answered.</summary>
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
