using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>How a write that was no client's came to a replica.</summary>
public enum RepairCause
{
    /// <summary>No such write came since the node started.</summary>
    None,

    /// <summary>A get saw that the replica lagged.</summary>
    ReadRepair,

    /// <summary>A fallback handed over what it kept.</summary>
    Hint,

    /// <summary>Hash trees of two owners differed.</summary>
    AntiEntropy,

    /// <summary>A change of the ring: to a new owner, or back from a former one.</summary>
    Transfer,
}

/// <summary>One value, or one delete, that a replica holds of a key.</summary>
/// <param name="Name">Names the write: the store that took it, and its number there.</param>
/// <param name="IsTombstone">It is a delete.</param>
/// <param name="Bytes">Of the value.</param>
public sealed record SiblingInfo(string Name, bool IsTombstone, int Bytes);

/// <summary>What one node holds of a key.</summary>
/// <param name="Clock">The writes that it has seen of the key; empty: it has heard of none.</param>
/// <param name="Digest">Equal on nodes that hold the same.</param>
/// <param name="Siblings">What it holds, tombstones too.</param>
/// <param name="HintsFor">Nodes for which it keeps a write of the key.</param>
/// <param name="LastRepair">How the last write came that was no client's.</param>
/// <param name="LastRepairAge">How long ago; null: none came that the node remembers.</param>
public sealed record ReplicaReport(
    string Clock, ulong Digest, IReadOnlyList<SiblingInfo> Siblings, IReadOnlyList<NodeId> HintsFor, RepairCause LastRepair, TimeSpan? LastRepairAge)
{
    internal static ReplicaReport Of(KeyReport said) => new(
        said.Clock, said.Digest, [.. said.Siblings.Select(s => new SiblingInfo(s.Name, s.IsTombstone, s.Bytes))], said.HintsFor,
        said.LastRepairMs < 0 ? RepairCause.None : CauseOf(said.LastRepair), said.LastRepairMs < 0 ? null : TimeSpan.FromMilliseconds(said.LastRepairMs));

    private static RepairCause CauseOf(WriteCause cause) => cause switch
    {
        WriteCause.ReadRepair => RepairCause.ReadRepair,
        WriteCause.Hint => RepairCause.Hint,
        WriteCause.AntiEntropy => RepairCause.AntiEntropy,
        WriteCause.Transfer => RepairCause.Transfer,
        _ => RepairCause.None,
    };
}

/// <summary>One node's part in a key.</summary>
/// <param name="Node">The node.</param>
/// <param name="IsPrimary">It is one of the key's N primaries; otherwise it appears because it keeps a hint or holds a copy.</param>
/// <param name="IsBelievedDown">By the node that was asked first.</param>
/// <param name="Report">Null: the node did not answer.</param>
public sealed record ReplicaExplanation(NodeId Node, bool IsPrimary, bool IsBelievedDown, ReplicaReport? Report);

/// <summary>All that the cluster knows of one key, and in words what a get would answer and why.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="Token">Its place on the ring, 16 hex digits.</param>
/// <param name="Partition">The partition that this is in.</param>
/// <param name="N">Replicas that its bucket wants.</param>
/// <param name="R">Answers that a get of its bucket needs.</param>
/// <param name="Replicas">Its primaries in the order of the preference list, then other nodes that hold something of it.</param>
/// <param name="Words">Sentences.</param>
public sealed record Explanation(
    string Key, string Token, int Partition, int N, int R, IReadOnlyList<ReplicaExplanation> Replicas, IReadOnlyList<string> Words)
{
    /// <summary>Every primary answered, and all hold the same.</summary>
    public bool AreReplicasEqual
    {
        get
        {
            var primaries = Replicas.Where(r => r.IsPrimary).ToArray();
            return primaries.All(p => p.Report is not null && p.Report.Digest == primaries[0].Report!.Digest);
        }
    }

    internal static Explanation Of(StorageKey key, ClusterDirectory directory, IReadOnlyDictionary<NodeId, ReplicaReport?> reports)
    {
        var ring = directory.State.Ring.Serving;
        var partition = ring.PartitionOf(key.Token);
        var rules = directory.State.OptionsOf(key.Bucket, directory.Defaults).Quorum;
        var primaries = ring.Primaries(partition, rules.N).ToArray();
        var others = ring.Walk(partition).Skip(primaries.Length)
            .Where(n => reports.GetValueOrDefault(n) is { } report && (report.Clock.Length > 0 || report.HintsFor.Count > 0));
        var replicas = primaries.Concat(others)
            .Select(n => new ReplicaExplanation(n, primaries.Contains(n), directory.Unreachable.Contains(n), reports.GetValueOrDefault(n))).ToArray();
        return new Explanation(key.ToString(), key.Token.ToString(), partition, rules.N, rules.R, replicas, [.. InWords(replicas, rules, ring.Walk(partition).Count(n => reports.GetValueOrDefault(n) is not null))]);
    }

    // able: nodes of the whole walk that answer. One that is no primary can be a fallback.
    private static IEnumerable<string> InWords(ReplicaExplanation[] replicas, QuorumRules rules, int able)
    {
        var r = rules.R;
        var primaries = replicas.Where(p => p.IsPrimary).ToArray();
        var answering = primaries.Where(p => p.Report is not null).Select(p => p.Report!).ToArray();
        if (primaries.Length < rules.N) yield return $"{rules.N} replicas are wanted, and the cluster has no more than {primaries.Length} nodes.";
        foreach (var silent in primaries.Where(p => p.Report is null))
            yield return $"{silent.Node} does not answer{(!silent.IsBelievedDown ? "" : able >= primaries.Length ? " and is believed down: a fallback takes its place" : " and is believed down")}.";
        foreach (var keeper in replicas.Where(p => p.Report is { HintsFor.Count: > 0 }))
            yield return $"{keeper.Node} keeps a write for {string.Join(", ", keeper.Report!.HintsFor)}, to be handed over.";

        if (able < r) yield return $"A get fails: {able} of the {r} nodes that it needs can answer.";
        else if (answering.Length == 0) yield return "No primary answers: a get would depend on fallbacks alone.";
        else if (answering.All(a => a.Clock.Length == 0)) yield return "No replica has heard of the key: a get answers not found.";
        else if (answering.Any(a => a.Digest != answering[0].Digest))
            yield return $"Replicas differ: a get merges what {r} of them answer, returns every value that no other write replaced, and repairs those that lag.";
        else yield return Agreed(answering[0]);
    }

    private static string Agreed(ReplicaReport report)
    {
        var values = report.Siblings.Count(s => !s.IsTombstone);
        return values switch
        {
            0 => "All that answer hold a tombstone: a get answers not found, with the context of the delete.",
            1 => "All that answer hold the same one value: a get returns it.",
            _ => $"All that answer hold the same {values} siblings: writes that did not see each other. A get returns them all, and a put with its context leaves one.",
        };
    }
}
