using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Requests;

/// <summary>
/// One get: the first participant is asked for its whole set, the others for a digest. A digest that equals that of a set in hand counts as an answer; for
/// any other digest, the replica's set is fetched too. When all have answered, primaries that held less are repaired.
/// </summary>
public sealed class GetCoordination : Coordination
{
    private readonly ConflictMode _conflicts;
    private readonly List<Known> _known;
    private readonly int _first;
    private readonly List<int> _emptyHanded = [];
    private int _uncounted;
    private ulong _askedWhole;
    private ulong _askedAgain;

    /// <param name="view">The current view; its ring is not empty.</param>
    public GetCoordination(StorageKey key, QuorumRules rules, ConflictMode conflicts, TimeSpan deadline, ClusterView view)
        : base(key, rules.N, Needed.ForGet(rules), deadline, view)
    {
        _conflicts = conflicts;
        _known = new List<Known>(Participants.Count);
        _first = Participants.Count;
        // The first participant, and every fallback that is added later.
        _askedWhole = Bit(0) | ~(Bit(Participants.Count) - 1);
    }

    /// <summary>The join of every set in hand.</summary>
    public VersionSet Merged { get; private set; } = VersionSet.Empty;

    private protected override bool WantsFallback => Quorum.Verdict != Verdict.Met;

    public void Begun(List<Effect> effects)
    {
        for (var place = 0; place < Participants.Count; place++) effects.Add(Question(place));
        // With too many primaries down, PR cannot be met from the start.
        Settle(effects);
    }

    /// <summary>A participant's whole set came.</summary>
    public void AnsweredWhole(int place, VersionSet set, List<Effect> effects)
    {
        if (HasAnswered(place)) return;
        Know(new Known(place, VersionCodec.Digest(Key, set), IsWhole: true));
        Merged = Merged.Merge(set, _conflicts);
        if (!Merged.IsEmpty || place < _first) Quorum.Ack(place);
        else if (!_emptyHanded.Contains(place)) _emptyHanded.Add(place);
        Compare(effects);
        Settle(effects);
    }

    /// <summary>A participant's digest came.</summary>
    public void AnsweredDigest(int place, ulong digest, TimeSpan now, ClusterView view, List<Effect> effects)
    {
        if (HasAnswered(place)) return;
        if (!IsInTime(now))
        {
            Failed(place, isLate: false, now, view, effects);
        }
        else if (IsAskedWhole(place))
        {
            // The set did not fit into the answer. Once it may have been for the others beside it; a second time, the set alone is too large.
            effects.Add((_askedAgain & Bit(place)) == 0 ? Question(place) : new Effect.AskSlices(place));
            _askedAgain |= Bit(place);
        }
        else
        {
            Know(new Known(place, digest, IsWhole: false));
            Compare(effects);
            Settle(effects);
        }
    }

    private protected override Effect Question(int place) => IsAskedWhole(place) ? Effect.WholeFrom(place) : Effect.DigestFrom(place);

    private protected override Outcome Success() => new Outcome.Found(Merged, Quorum.AckCount);

    private protected override Outcome NotMet(string when) => new Outcome.NotMet(
        Quorum.Shortfall() + when + (_uncounted == 0 ? "" : $"; fallbacks that hold nothing do not count, and {_uncounted} answered"), Quorum.Needed.Answers, Quorum.AckCount);

    // The others' digests cannot be compared before the first place is settled: it must not keep them waiting.
    private protected override bool CanWaitFor(int place) => place > 0;

    private protected override void Fail(int place, List<Effect> effects)
    {
        base.Fail(place, effects);
        Compare(effects);
    }

    // Section 5: primaries that hold less than the merged set are sent it. A fallback keeps its set only until it can hand it over.
    private protected override void Finish(List<Effect> effects)
    {
        if (Merged.IsEmpty) return;
        var whole = VersionCodec.Digest(Key, Merged);
        foreach (var known in _known)
            if (known.Digest != whole && Participants[known.Place].IsPrimary) effects.Add(Effect.RepairOf(known.Place));
    }

    // Counts the digests that equal that of a set in hand, and fetches the sets of the others.
    private void Compare(List<Effect> effects)
    {
        foreach (var known in _known)
        {
            if (Quorum.HasAnswered(known.Place) || _emptyHanded.Contains(known.Place)) continue;
            if (IsInHand(known.Digest)) Quorum.Ack(known.Place);
            else if (Quorum.HasAnswered(0) && !IsAskedWhole(known.Place))
            {
                _askedWhole |= Bit(known.Place);
                effects.Add(Question(known.Place));
            }
        }
        JudgeEmptyHanded();
    }

    // A replica that failed is not one that holds nothing. So a fallback that replaced it and holds nothing counts only once something was found.
    private void JudgeEmptyHanded()
    {
        if (_emptyHanded.Count == 0) return;
        if (Merged.IsEmpty && Quorum.PendingCount > _emptyHanded.Count) return;
        foreach (var place in _emptyHanded)
        {
            if (Merged.IsEmpty) Quorum.Fail(place);
            else Quorum.Ack(place);
        }
        if (Merged.IsEmpty) _uncounted += _emptyHanded.Count;
        _emptyHanded.Clear();
    }

    private bool IsInHand(ulong digest)
    {
        foreach (var known in _known)
            if (known.IsWhole && known.Digest == digest) return true;
        return false;
    }

    private void Know(Known known)
    {
        for (var i = 0; i < _known.Count; i++)
        {
            if (_known[i].Place != known.Place) continue;
            _known[i] = known;
            return;
        }
        _known.Add(known);
    }

    private bool IsAskedWhole(int place) => (_askedWhole & Bit(place)) != 0;

    private static ulong Bit(int place) => 1UL << place;

    /// <param name="IsWhole">The set itself is in hand.</param>
    private readonly record struct Known(int Place, ulong Digest, bool IsWhole);
}
