using System.Numerics;

namespace Dynamo.Core.Quorum;

/// <summary>
/// The answers to one request. Participants are places 0 to 63 of the request, and answers are sets, not counters: a repeated answer counts
/// once, and a late one does not undo a failure that was counted.
/// </summary>
/// <param name="Participants">The number of participants that may answer.</param>
public readonly record struct Tally(int Participants)
{
    public const int MaxParticipants = 64;

    private ulong Acked { get; init; }

    private ulong AckedPrimaries { get; init; }

    private ulong Synced { get; init; }

    private ulong Failed { get; init; }

    public int AckCount => BitOperations.PopCount(Acked);

    public int PrimaryCount => BitOperations.PopCount(AckedPrimaries);

    public int SyncedCount => BitOperations.PopCount(Synced);

    public int FailureCount => BitOperations.PopCount(Failed);

    public int PendingCount => Participants - AckCount - FailureCount;

    public bool IsComplete => PendingCount == 0;

    public Tally Ack(int place, bool isPrimary, bool isSynced)
    {
        if (HasAnswered(place)) return this;
        return this with
        {
            Acked = Acked | Bit(place),
            AckedPrimaries = AckedPrimaries | (isPrimary ? Bit(place) : 0),
            Synced = Synced | (isSynced ? Bit(place) : 0),
        };
    }

    public Tally Fail(int place) => HasAnswered(place) ? this : this with { Failed = Failed | Bit(place) };

    /// <summary>Adds one participant: a fallback in the place of one that failed.</summary>
    public Tally Widen() => this with { Participants = Participants + 1 };

    public bool HasAnswered(int place) => ((Acked | Failed) & Bit(place)) != 0;

    /// <param name="primariesPending">Primaries that have not answered yet.</param>
    public Verdict Judge(Needed needed, int primariesPending)
    {
        if (AckCount >= needed.Answers && PrimaryCount >= needed.Primaries && SyncedCount >= needed.Synced) return Verdict.Met;
        var pending = PendingCount;
        var reachable = AckCount + pending >= needed.Answers
            && PrimaryCount + primariesPending >= needed.Primaries
            && SyncedCount + pending >= needed.Synced;
        return reachable ? Verdict.Pending : Verdict.Unreachable;
    }

    private static ulong Bit(int place) => 1UL << place;
}
