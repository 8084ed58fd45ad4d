using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Quorum;

/// <summary>
/// The quorum of one request: its participants, their answers, and the verdict. Reads and writes both use it; the caller says how many
/// answers it needs. A fallback that replaces a failed participant is added at the end.
/// </summary>
public sealed class RequestQuorum
{
    private readonly List<Participant> _participants;
    private Tally _tally;

    public RequestQuorum(ImmutableArray<Participant> participants, Needed needed)
    {
        _participants = [.. participants];
        Needed = needed;
        _tally = new Tally(participants.Length);
    }

    public IReadOnlyList<Participant> Participants => _participants;

    public Needed Needed { get; }

    public int AckCount => _tally.AckCount;

    public int PrimaryCount => _tally.PrimaryCount;

    public int SyncedCount => _tally.SyncedCount;

    public int PendingCount => _tally.PendingCount;

    public bool IsComplete => _tally.IsComplete;

    public Verdict Verdict => _tally.Judge(Needed, PrimariesPending());

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
        var parts = new List<string>(3) { $"{AckCount} of the {Needed.Answers} needed answered" };
        if (Needed.Primaries > 0) parts.Add($"{PrimaryCount} of {Needed.Primaries} primaries");
        if (Needed.Synced > 0) parts.Add($"{SyncedCount} of {Needed.Synced} synced");
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
