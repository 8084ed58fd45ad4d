using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>One write that some client made, as the client knows it.</summary>
/// <param name="Seen">Every write that its context covered, directly or through others.</param>
public sealed record WriteNote(string Key, int Value, bool IsDelete, ImmutableHashSet<int> Seen)
{
    public bool IsAcked { get; set; }
}

/// <summary>What the clients did and were told, and the judgement of what the replicas hold in the end.</summary>
public sealed class History
{
    private readonly Dictionary<int, WriteNote> _writes = [];

    public IEnumerable<WriteNote> Writes => _writes.Values;

    public int Acked => _writes.Values.Count(w => w.IsAcked);

    public int Failed => _writes.Values.Count(w => !w.IsAcked);

    public WriteNote Begin(string key, bool isDelete, IEnumerable<int> seen)
    {
        var all = seen.SelectMany(s => _writes[s].Seen.Add(s)).ToImmutableHashSet();
        var note = new WriteNote(key, _writes.Count + 1, isDelete, all);
        _writes[note.Value] = note;
        return note;
    }

    /// <summary>Replicas equal, every acknowledged write there or replaced by one that saw it, nothing back that an acknowledged write replaced.</summary>
    /// <param name="mayComeBack">Except the last: puts were resent.</param>
    public IReadOnlyList<string> Judge(SimCluster cluster, bool mayComeBack = false)
    {
        var faults = new List<string>();
        foreach (var key in _writes.Values.Select(w => w.Key).Distinct()) JudgeKey(cluster, key, mayComeBack, faults);
        foreach (var node in cluster.Members)
            if (node.Engine!.Figures.Hints is var hints and > 0) faults.Add($"{node.Id} still keeps {hints} hints");
        JudgeRing(cluster.State, faults);
        if (!cluster.State.Ring.IsSettled) faults.Add($"the ring of epoch {cluster.State.Ring.Epoch} is not settled");
        return faults;
    }

    // Whoever owns a part of the ring is up, and whoever is up owns a part: of a plan that lost to another nothing is left.
    private static void JudgeRing(ClusterState state, List<string> faults)
    {
        foreach (var member in state.Members.Values)
        {
            var owned = state.Ring.Serving.PartitionsOwnedBy(member.Id);
            if (owned > 0 != (member.Status == MemberStatus.Up)) faults.Add($"{member.Id} is {member.Status} and owns {owned} partitions");
        }
    }

    private void JudgeKey(SimCluster cluster, string key, bool mayComeBack, List<string> faults)
    {
        var stored = StorageKey.Of(key);
        var ring = cluster.State.Ring.Serving;
        var primaries = ring.Primaries(ring.PartitionOf(stored.Token), 3).ToArray();
        var sets = primaries.Select(p => cluster.Nodes.Single(n => n.Id == p).Engine!.Read(new RecordKey(stored)).Versions).ToArray();
        for (var i = 1; i < sets.Length; i++)
            if (!sets[i].Equals(sets[0])) faults.Add($"{key}: {primaries[i]} holds {sets[i]}, {primaries[0]} holds {sets[0]}");

        foreach (var node in cluster.Members)
            if (!primaries.Contains(node.Id) && !node.Engine!.Read(new RecordKey(stored)).Versions.IsEmpty) faults.Add($"{key}: {node.Id} still has a copy, and is no owner");

        var shown = sets[0].Siblings.Where(s => !s.IsTombstone).Select(s => ValueOf(s.Value.Span)).ToHashSet();
        var writes = _writes.Values.Where(w => w.Key == key).ToArray();
        var replaced = writes.Where(w => w.IsDelete || shown.Contains(w.Value) || w.IsAcked).SelectMany(w => w.Seen).ToHashSet();
        foreach (var write in writes.Where(w => w.IsAcked && !w.IsDelete && !shown.Contains(w.Value) && !replaced.Contains(w.Value)))
            faults.Add($"{key}: the acknowledged write {write.Value} is lost; {primaries[0]} shows {string.Join(' ', shown)}");
        foreach (var write in writes.Where(w => w.IsAcked && !mayComeBack))
            foreach (var back in write.Seen.Where(shown.Contains)) faults.Add($"{key}: {back} is back, which the acknowledged write {write.Value} had replaced");
    }

    public static byte[] Bytes(int value) => Encoding.UTF8.GetBytes(value.ToString());

    public static int ValueOf(ReadOnlySpan<byte> value) => int.Parse(Encoding.UTF8.GetString(value));
}
