using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Requests;

/// <summary>
/// The stamps of one put in a last-write-wins bucket (docs/decisions/0020-clock-skew.md). A participant that keeps another write, because that one has a
/// later stamp and has not seen this one, is a lost put unless the write is stamped again above it and sent again.
/// </summary>
internal sealed class Restamping
{
    // Concurrent writers of one key, each of which has to overtake the other, must come to an end.
    private const int Max = 3;
    private readonly List<(int Place, bool IsSynced)> _waiting = [];
    private Dot _dot;
    private long? _aboveMs;
    private int _count;
    private ulong _current;
    private ulong _taken;

    /// <summary>What follows from a participant's answer.</summary>
    internal enum Next
    {
        /// <summary>It has the write.</summary>
        Take,

        /// <summary>It has the write under a former stamp.</summary>
        TakeAndRenew,

        /// <summary>It refused a former stamp.</summary>
        Send,

        /// <summary>It waits for the stamp that is being made.</summary>
        Wait,

        /// <summary>A new stamp is needed.</summary>
        Restamp,
    }

    /// <summary>The own store was asked for a new stamp and has not answered.</summary>
    public bool IsUnderWay { get; private set; }

    public void Stamped(Dot dot) => (_dot, _current) = (dot, 0);

    /// <summary>The participant was sent the current stamp.</summary>
    public void Sent(int place) => _current |= Bit(place);

    public void Took(int place) => _taken |= Bit(place);

    public bool HasTaken(int place) => (_taken & Bit(place)) != 0;

    /// <param name="keptMs">The stamp of the write that the participant keeps instead; null: it took this one.</param>
    public Next Answered(int place, bool isSynced, long? keptMs)
    {
        var isCurrent = (_current & Bit(place)) != 0;
        if (keptMs is not { } kept) return isCurrent || IsUnderWay ? Next.Take : Next.TakeAndRenew;
        if (!isCurrent && !IsUnderWay && kept <= _aboveMs) return Next.Send;
        if (!IsUnderWay && _count == Max) return Next.Take;
        _waiting.Add((place, isSynced));
        _aboveMs = Math.Max(_aboveMs ?? kept, kept);
        return IsUnderWay ? Next.Wait : Next.Restamp;
    }

    public StampAgain Begin()
    {
        (IsUnderWay, _count) = (true, _count + 1);
        return new StampAgain(_dot, _aboveMs!.Value);
    }

    /// <returns>The participants that wait for the new stamp.</returns>
    public IReadOnlyList<(int Place, bool IsSynced)> End()
    {
        IsUnderWay = false;
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        return waiting;
    }

    private static ulong Bit(int place) => 1UL << place;
}
