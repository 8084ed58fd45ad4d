using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Quorum;

/// <summary>
/// One request's quorum: its participants, their answers, and the verdict. Used for reads and writes alike; the
/// caller says how many answers it needs. A fallback for a participant that failed is added at the end.
/// </summary>
public sealed class RequestQuorum
{
    private readonly List<Participant> _participants;
    private readonly int _needed;
    private readonly int _neededPrimaries;
    private readonly int _neededSynced;
    private Tally _tally;

    public RequestQuorum(ImmutableArray<Participant> participants, int needed, int neededPrimaries = 0, int neededSynced = 0)
    {
        _participants = [.. participants];
        _needed = needed;
        _neededPrimaries = neededPrimaries;
        _neededSynced = neededSynced;
        _tally = new Tally(participants.Length);
    }

    public IReadOnlyList<Participant> Participants => _participants;

    public int Needed => _needed;

    public int AckCount => _tally.AckCount;

    public int PrimaryCount => _tally.PrimaryCount;

    public int SyncedCount => _tally.SyncedCount;

    public bool IsComplete => _tally.IsComplete;

    public Verdict Verdict => _tally.Judge(_needed, _neededPrimaries, _neededSynced, PrimariesPending());

    public bool HasAnswered(int place) => _tally.HasAnswered(place);

    public void Ack(int place, bool isSynced = false) => _tally = _tally.Ack(place, _participants[place].IsPrimary, isSynced);

    public void Fail(int place) => _tally = _tally.Fail(place);

    /// <returns>The fallback's place.</returns>
    public int Add(Participant fallback)
    {
        _participants.Add(fallback);
        _tally = _tally.Widen();
        return _participants.Count - 1;
    }

    /// <summary>The answers that are needed and those that came, in words.</summary>
    public string Shortfall()
    {
        var parts = new List<string>(3) { $"{AckCount} of the {_needed} needed answered" };
        if (_neededPrimaries > 0) parts.Add($"{PrimaryCount} of {_neededPrimaries} primaries");
        if (_neededSynced > 0) parts.Add($"{SyncedCount} of {_neededSynced} synced");
        return string.Join(", ", parts);
    }

    private int PrimariesPending()
    {
        var pending = 0;
        for (var place = 0; place < _participants.Count; place++)
            if (_participants[place].IsPrimary && !_tally.HasAnswered(place)) pending++;
        return pending;
    }
}
