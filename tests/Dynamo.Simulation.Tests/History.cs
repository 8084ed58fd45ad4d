using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>One write of some client, as the client knows it.</summary>
/// <param name="Seen">Every write that its context covered, directly or through others.</param>
public sealed record WriteNote(StorageKey Key, int Value, bool IsDelete, ImmutableHashSet<int> Seen)
{
    public bool IsAcked { get; set; }
}

/// <summary>The clients' requests and replies, and the judgement of what they were shown and of what the replicas hold in the end.</summary>
public sealed class History(Scenario scenario)
{
    /// <summary>The last-write-wins bucket.</summary>
    public const string ClockBucket = "clock";

    private readonly Dictionary<int, WriteNote> _writes = [];
    private readonly List<string> _misread = [];

    public int Acked => _writes.Values.Count(w => w.IsAcked);

    public int Failed => _writes.Values.Count(w => !w.IsAcked);

    /// <summary>Gets that were judged.</summary>
    public int Gets { get; private set; }

    public WriteNote Begin(StorageKey key, bool isDelete, IEnumerable<int> seen)
    {
        var all = seen.SelectMany(s => _writes[s].Seen.Add(s)).ToImmutableHashSet();
        var note = new WriteNote(key, _writes.Count + 1, isDelete, all);
        _writes[note.Value] = note;
        return note;
    }

    public IReadOnlyList<WriteNote> AckedOf(StorageKey key) => [.. _writes.Values.Where(w => w.IsAcked && w.Key == key)];

    /// <summary>
    /// No value that a get showed has seen another one of them. A strict get shows all writes acknowledged before it began, or those that replaced them.
    /// </summary>
    public void JudgeGet(StorageKey key, IReadOnlyList<WriteNote> known, IReadOnlyList<int> shown)
    {
        if (key.Bucket == ClockBucket) return;
        Gets++;
        JudgeSiblings(key, [.. shown], "a get", _misread);
        if (scenario.IsStrict) JudgeShown(key, known, [.. shown], "a get", _misread);
    }

    /// <summary>
    /// Replicas are equal; every acknowledged write is there or was replaced by one that saw it; nothing is back that an acknowledged write replaced; no write
    /// is there twice or beside one that saw it; no hints are left, and no tombstones where they are reaped. No node ended because it could not go on.
    /// </summary>
    public IEnumerable<string> Judge(SimCluster cluster)
    {
        foreach (var misread in _misread) yield return misread;
        foreach (var node in cluster.Nodes)
        {
            node.NoteFailure();
            if (node.Failure is { } failure) yield return failure;
        }
        var state = cluster.State;
        var faults = new List<string>();
        // A caller that only asks whether there is a fault stops at the first.
        foreach (var key in _writes.Values.Select(w => w.Key).Distinct())
        {
            JudgeKey(cluster, state, key, faults);
            foreach (var fault in faults) yield return fault;
            faults.Clear();
        }
        foreach (var node in cluster.Members)
            if (node.Engine!.Figures.Hints is var hints and > 0) yield return $"{node.Id} still has {hints} hints";
        JudgeRing(state, faults);
        foreach (var fault in faults) yield return fault;
        if (!state.Ring.IsSettled) yield return $"the ring of epoch {state.Ring.Epoch} is not settled";
    }

    // A node is up exactly when it owns a part of the ring: nothing is left of a plan that lost.
    private static void JudgeRing(ClusterState state, List<string> faults)
    {
        foreach (var member in state.Members.Values)
        {
            var owned = state.Ring.Serving.PartitionsOwnedBy(member.Id);
            if (owned > 0 != (member.Status == MemberStatus.Up)) faults.Add($"{member.Id} is {member.Status} and owns {owned} partitions");
        }
    }

    private void JudgeKey(SimCluster cluster, ClusterState state, StorageKey key, List<string> faults)
    {
        var ring = state.Ring.Serving;
        var primaries = ring.Primaries(ring.PartitionOf(key.Token), state.ReplicasOf(key, BucketOptions.Default)).ToArray();
        var sets = primaries.Select(p => cluster.Nodes.Single(n => n.Id == p).Engine!.Read(new RecordKey(key)).Versions).ToArray();
        for (var i = 1; i < sets.Length; i++)
            if (!sets[i].Equals(sets[0])) faults.Add($"{key}: {primaries[i]} holds {sets[i]}, {primaries[0]} holds {sets[0]}");

        foreach (var node in cluster.Members)
            if (!primaries.Contains(node.Id) && !node.Engine!.Read(new RecordKey(key)).Versions.IsEmpty) faults.Add($"{key}: {node.Id} still has a copy, and is no owner");

        if (scenario.Reaps && sets.Any(s => !s.IsEmpty && s.IsDeleted)) faults.Add($"{key}: the tombstones are still there: {sets[0]}");
        int[] shown = [.. sets[0].Siblings.Where(s => !s.IsTombstone).Select(s => ValueOf(s.Value.Span))];
        if (key.Bucket == ClockBucket) JudgeByClock(key, sets[0], shown, faults);
        else
        {
            JudgeSiblings(key, shown, $"{primaries[0]}", faults);
            JudgeShown(key, AckedOf(key), [.. shown], $"{primaries[0]}", faults);
        }
    }

    private void JudgeShown(StorageKey key, IReadOnlyList<WriteNote> acked, HashSet<int> shown, string by, List<string> faults)
    {
        var replaced = _writes.Values.Where(w => w.Key == key && (w.IsDelete || shown.Contains(w.Value))).Concat(acked).SelectMany(w => w.Seen).ToHashSet();
        foreach (var write in acked.Where(w => !w.IsDelete && !shown.Contains(w.Value) && !replaced.Contains(w.Value)))
            faults.Add($"{key}: the acknowledged write {write.Value} is lost; {by} shows {string.Join(' ', shown)}");
        // Resent puts may come back.
        if (scenario.ResendsPuts) return;
        foreach (var write in acked)
            foreach (var back in write.Seen.Where(shown.Contains)) faults.Add($"{key}: {by} shows {back}, which the acknowledged write {write.Value} had replaced");
    }

    // A writer that passes on its context makes no siblings. Resent puts may be there twice.
    private void JudgeSiblings(StorageKey key, int[] shown, string by, List<string> faults)
    {
        if (scenario.ResendsPuts) return;
        foreach (var twice in shown.CountBy(v => v).Where(c => c.Value > 1)) faults.Add($"{key}: {by} shows {twice.Key} {twice.Value} times");
        foreach (var value in shown)
            foreach (var seen in shown.Where(_writes[value].Seen.Contains)) faults.Add($"{key}: {by} shows {seen} beside {value}, which had seen it");
    }

    // Skewed clocks decide which write was last, but one of them was.
    private void JudgeByClock(StorageKey key, VersionSet set, int[] shown, List<string> faults)
    {
        if (set.Siblings.Length > 1) faults.Add($"{key}: {set.Siblings.Length} siblings in a bucket where the last write wins");
        if (shown.Length == 0 && AckedOf(key).Count > 0 && !_writes.Values.Any(w => w.Key == key && w.IsDelete)) faults.Add($"{key}: all that was acknowledged is lost");
    }

    /// <summary>The number of a write, padded to a number of bytes.</summary>
    public static byte[] Bytes(int value, int more = 0) => Encoding.UTF8.GetBytes($"{value} ".PadRight(more));

    public static int ValueOf(ReadOnlySpan<byte> value) => int.Parse(Encoding.UTF8.GetString(value[..value.IndexOf((byte)' ')]));
}
