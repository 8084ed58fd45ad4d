using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>The mechanism that repaired a replica, other than a client's write.</summary>
public enum RepairCause
{
    /// <summary>The node remembers no repair.</summary>
    None,

    /// <summary>A get found that the replica lagged.</summary>
    ReadRepair,

    /// <summary>A fallback handed over a hint.</summary>
    Hint,

    /// <summary>The hash trees of two owners differed.</summary>
    AntiEntropy,

    /// <summary>A ring change moved the key to a new owner, or back from a former one.</summary>
    Transfer,
}

/// <summary>A sibling of a key on one replica: a value or a tombstone.</summary>
/// <param name="Name">The dot of the write: the store that took it, and its number there.</param>
/// <param name="IsTombstone">True for a delete.</param>
/// <param name="Bytes">Size of the value.</param>
public sealed record SiblingInfo(string Name, bool IsTombstone, int Bytes);

/// <summary>One node's report on a key.</summary>
/// <param name="Clock">The writes of the key that the node has seen; empty: none.</param>
/// <param name="Digest">Equal on nodes that hold the same siblings.</param>
/// <param name="Siblings">The siblings that the node holds, tombstones included; at most the first 100,000.</param>
/// <param name="HintsFor">Nodes for which it keeps a hint of the key.</param>
/// <param name="LastRepair">The cause of the last repair.</param>
/// <param name="LastRepairAge">Time since the last repair; null: the node remembers none.</param>
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

/// <summary>One node's role for a key, and its report.</summary>
/// <param name="Node">The node.</param>
/// <param name="IsPrimary">True for one of the key's N primaries; other nodes are listed because they keep a hint or a copy.</param>
/// <param name="IsBelievedDown">True when the contact believes the node to be down.</param>
/// <param name="Report">Null: the node did not answer.</param>
public sealed record ReplicaExplanation(NodeId Node, bool IsPrimary, bool IsBelievedDown, ReplicaReport? Report);

/// <summary>All that the cluster knows about a key, and an explanation of what a get would answer.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="Token">The key's position on the ring, 16 hex digits.</param>
/// <param name="Partition">The partition that contains the token.</param>
/// <param name="N">Replicas of each key of the bucket.</param>
/// <param name="R">Answers that a get of the bucket needs.</param>
/// <param name="Replicas">The key's primaries in the order of the preference list, then other nodes that have a copy or a hint.</param>
/// <param name="Words">The explanation, one sentence each.</param>
public sealed record Explanation(
    string Key, string Token, int Partition, int N, int R, IReadOnlyList<ReplicaExplanation> Replicas, IReadOnlyList<string> Words)
{
    /// <summary>True when every primary answered and all hold the same siblings.</summary>
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

    // able: answering nodes of the whole walk, since any node that is not a primary can be a fallback.
    private static IEnumerable<string> InWords(ReplicaExplanation[] replicas, QuorumRules rules, int able)
    {
        var r = rules.R;
        var primaries = replicas.Where(p => p.IsPrimary).ToArray();
        var answering = primaries.Where(p => p.Report is not null).Select(p => p.Report!).ToArray();
        if (primaries.Length < rules.N) yield return $"The bucket asks for {rules.N} replicas, but the cluster has only {primaries.Length} nodes.";
        foreach (var silent in primaries.Where(p => p.Report is null))
            yield return $"{silent.Node} does not answer{(!silent.IsBelievedDown ? "" : able >= primaries.Length ? " and is believed down: a fallback takes its place" : " and is believed down")}.";
        foreach (var keeper in replicas.Where(p => p.Report is { HintsFor.Count: > 0 }))
            yield return $"{keeper.Node} keeps a hint for {string.Join(", ", keeper.Report!.HintsFor)}.";

        if (able < r) yield return $"A get fails: it needs {r} nodes, and only {able} can answer.";
        else if (answering.Length == 0) yield return "No primary answers: a get would depend on fallbacks alone.";
        else if (answering.All(a => a.Clock.Length == 0)) yield return "No replica has seen the key: a get answers not found.";
        else if (answering.Any(a => a.Digest != answering[0].Digest))
            yield return $"Replicas differ: a get merges {r} answers, returns every value that no other write replaced, and repairs the replicas that lag.";
        else yield return Agreed(answering[0]);
    }

    private static string Agreed(ReplicaReport report)
    {
        var values = report.Siblings.Count(s => !s.IsTombstone);
        return values switch
        {
            0 => "All answering replicas hold a tombstone: a get answers not found, with the context of the delete.",
            1 => "All answering replicas hold the same value: a get returns it.",
            _ => $"All answering replicas hold the same {values} siblings: concurrent writes. A get returns them all; a put with its context replaces them.",
        };
    }
}
