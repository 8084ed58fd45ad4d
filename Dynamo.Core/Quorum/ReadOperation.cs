using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Quorum;

/// <summary>
/// One get, from its first answer to its last: which replicas' values are known, when R of them have answered, and which need repair.
/// The first participant is asked for its whole set, the others for its digest; a digest that equals that of a set in hand
/// is an answer, one that differs means that replica's set is fetched too.
/// </summary>
public sealed class ReadOperation(StorageKey key, ImmutableArray<Participant> participants, int r, int pr, ConflictMode conflicts = ConflictMode.Siblings)
{
    private readonly Dictionary<int, VersionSet> _sets = [];
    private readonly Dictionary<int, ulong> _digests = [];
    private readonly HashSet<int> _fetching = [0];

    public RequestQuorum Quorum { get; } = new(participants, r, pr);

    /// <summary>The join of every set in hand.</summary>
    public VersionSet Merged { get; private set; } = VersionSet.Empty;

    /// <summary>A replica's whole set came.</summary>
    /// <returns>The places whose whole sets are wanted next.</returns>
    public IReadOnlyList<int> Answer(int place, VersionSet set)
    {
        if (Quorum.HasAnswered(place)) return [];
        _sets[place] = set;
        _digests[place] = VersionCodec.Digest(key, set);
        Merged = Merged.Merge(set, conflicts);
        Quorum.Ack(place);
        return Settle();
    }

    /// <summary>The replica was asked for its whole set; a digest is no answer to that.</summary>
    public bool IsFetching(int place) => _fetching.Contains(place);

    /// <summary>A replica's digest came.</summary>
    /// <inheritdoc cref="Answer(int, VersionSet)" path="/returns"/>
    public IReadOnlyList<int> Answer(int place, ulong digest)
    {
        if (Quorum.HasAnswered(place)) return [];
        _digests[place] = digest;
        return Settle();
    }

    /// <inheritdoc cref="Answer(int, VersionSet)" path="/returns"/>
    public IReadOnlyList<int> Fail(int place)
    {
        Quorum.Fail(place);
        return Settle();
    }

    /// <summary>A stand-in takes the place of a participant that failed; it is asked for its whole set.</summary>
    public int Add(Participant standIn)
    {
        var place = Quorum.Add(standIn);
        _fetching.Add(place);
        return place;
    }

    /// <summary>Primaries that answered with less than <see cref="Merged"/>: read repair sends it to them (section 5).</summary>
    public IEnumerable<Participant> Stale()
    {
        var whole = VersionCodec.Digest(key, Merged);
        return _digests.Where(d => Quorum.HasAnswered(d.Key) && d.Value != whole)
            .Select(d => Quorum.Participants[d.Key]).Where(p => p.IsPrimary);
    }

    private List<int> Settle()
    {
        var wanted = new List<int>();
        foreach (var (place, digest) in _digests)
        {
            if (Quorum.HasAnswered(place)) continue;
            if (_sets.Keys.Any(held => _digests[held] == digest)) Quorum.Ack(place);
            else if (IsFirstSetSettled && _fetching.Add(place)) wanted.Add(place);
        }
        return wanted;
    }

    // Before the first whole set is here (or will never be), a digest says nothing yet.
    private bool IsFirstSetSettled => Quorum.HasAnswered(0);
}
