using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Rules of storage broken on purpose, to show that the checks see it (docs/testing.md).</summary>
[Flags]
public enum StorageMutation
{
    None = 0,

    /// <summary>A write is acknowledged before it is committed; a crash between the two loses it.</summary>
    AckBeforeCommit = 1,

    /// <summary>A merge replaces the stored set by the incoming one: siblings that only this replica had are gone.</summary>
    MergeOverwrites = 2,

    /// <summary>A store that lost its tail keeps its id and mints dots again that others have seen.</summary>
    ReusesStoreId = 4,
}

/// <summary>A store's record of itself; saved with each commit, and lost with it.</summary>
public readonly record struct StoreState(StoreId Store, long Sequence, long Commits);

/// <summary>One commit, with what is needed to undo it.</summary>
public sealed record CommitUndo(TimeSpan At, bool IsSynced, StoreState Before)
{
    public List<(RecordKey Key, Record Before)> Records { get; } = [];

    public (string Name, byte[]? Before)? Meta { get; set; }
}

/// <summary>The state that survives a process: committed records and named values, and how to undo the last commits.</summary>
/// <param name="flushAge">Older commits are on disk whether they were synced or not, and in every copy.</param>
public sealed class SimDisk(Random random, TimeSpan flushAge)
{
    // How many commits back an old copy may be.
    private const int MaxKept = 20;
    private readonly List<CommitUndo> _tail = [];

    public Dictionary<RecordKey, Record> Records { get; } = [];

    public Dictionary<string, byte[]> Meta { get; } = [];

    public StoreState State { get; set; }

    /// <summary>It was not closed in order, and its commits were not synced.</summary>
    public bool MayLoseTail { get; set; }

    /// <summary>The mark that the restorer of a copy puts beside it.</summary>
    public bool IsMarkedCopy { get; set; }

    public StorageMutation Mutation { get; set; }

    /// <summary>Extra time for each commit: up to this, drawn anew each time.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>Extra time for each commit: exactly this.</summary>
    public TimeSpan Stall { get; set; }

    /// <summary>The disk is full: every commit fails.</summary>
    public bool IsFull { get; set; }

    public void Committed(CommitUndo undo)
    {
        if (undo.IsSynced) _tail.RemoveAll(u => !u.IsSynced);
        _tail.Add(undo);
        if (undo.IsSynced && _tail.Count > MaxKept) _tail.RemoveAt(0);
    }

    /// <summary>The machine crashes: some of the unsynced tail is lost.</summary>
    public void LoseTail(TimeSpan now) => TakeBack(_tail.Count(u => !u.IsSynced && now - u.At < flushAge));

    /// <summary>Replaces the store by an old copy that is marked as one.</summary>
    public void Restore(TimeSpan now)
    {
        TakeBack(_tail.Count(u => now - u.At < flushAge));
        IsMarkedCopy = true;
    }

    /// <summary>Closed in order: everything is on disk.</summary>
    public void Close()
    {
        _tail.Clear();
        MayLoseTail = false;
    }

    public void Wipe()
    {
        Records.Clear();
        Meta.Clear();
        _tail.Clear();
        (State, MayLoseTail, IsMarkedCopy) = (default, false, false);
    }

    private void TakeBack(int max)
    {
        for (var lost = random.Next(max + 1); lost > 0; lost--)
        {
            Revert(_tail[^1]);
            _tail.RemoveAt(_tail.Count - 1);
        }
        _tail.Clear();
    }

    private void Revert(CommitUndo undo)
    {
        for (var i = undo.Records.Count - 1; i >= 0; i--)
        {
            var (key, before) = undo.Records[i];
            if (before.Versions.IsEmpty) Records.Remove(key);
            else Records[key] = before;
        }
        if (undo.Meta is var (name, value))
        {
            if (value is null) Meta.Remove(name);
            else Meta[name] = value;
        }
        State = undo.Before;
    }
}
