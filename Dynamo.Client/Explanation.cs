using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>One node's part in a key.</summary>
/// <param name="IsPrimary">It is one of the key's N primaries; otherwise it appears because it keeps a hint or holds a copy.</param>
/// <param name="IsBelievedDown">By the node that was asked first.</param>
/// <param name="Report">Null: the node did not answer.</param>
public sealed record ReplicaExplanation(NodeId Node, bool IsPrimary, bool IsBelievedDown, KeyReport? Report);

/// <summary>All that the cluster knows of one key, and in words what a get would answer and why.</summary>
public sealed record Explanation(
    string Key, Token Token, int Partition, int N, int R, IReadOnlyList<ReplicaExplanation> Replicas, IReadOnlyList<string> Words)
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

    internal static Explanation Of(StorageKey key, ClusterDirectory directory, IReadOnlyDictionary<NodeId, KeyReport?> reports)
    {
        var ring = directory.State.Ring.Serving;
        var partition = ring.PartitionOf(key.Token);
        var rules = directory.State.OptionsOf(key.Bucket, directory.Defaults).Quorum;
        var primaries = ring.Primaries(partition, rules.N).ToArray();
        var others = ring.Walk(partition).Skip(primaries.Length)
            .Where(n => reports.GetValueOrDefault(n) is { } report && (report.Clock.Length > 0 || report.HintsFor.Length > 0));
        var replicas = primaries.Concat(others)
            .Select(n => new ReplicaExplanation(n, primaries.Contains(n), directory.Unreachable.Contains(n), reports.GetValueOrDefault(n))).ToArray();
        return new Explanation(key.ToString(), key.Token, partition, rules.N, rules.R, replicas, [.. InWords(replicas, rules, ring.Walk(partition).Count(n => reports.GetValueOrDefault(n) is not null))]);
    }

    /// <param name="able">Nodes of the whole walk that answer: who is no primary can stand in.</param>
    private static IEnumerable<string> InWords(ReplicaExplanation[] replicas, QuorumRules rules, int able)
    {
        var r = rules.R;
        var primaries = replicas.Where(p => p.IsPrimary).ToArray();
        var answering = primaries.Where(p => p.Report is not null).Select(p => p.Report!).ToArray();
        if (primaries.Length < rules.N) yield return $"{rules.N} replicas are wanted, and the cluster has no more than {primaries.Length} nodes.";
        foreach (var silent in primaries.Where(p => p.Report is null))
            yield return $"{silent.Node} does not answer{(!silent.IsBelievedDown ? "" : able >= primaries.Length ? " and is believed down: another node stands in for it" : " and is believed down")}.";
        foreach (var keeper in replicas.Where(p => p.Report is { HintsFor.Length: > 0 }))
            yield return $"{keeper.Node} keeps a write for {string.Join(", ", keeper.Report!.HintsFor)}, to be handed over.";

        if (able < r) yield return $"A get fails: {able} of the {r} nodes that it needs can answer.";
        else if (answering.Length == 0) yield return "No primary answers: a get would depend on stand-ins alone.";
        else if (answering.All(a => a.Clock.Length == 0)) yield return "No replica has heard of the key: a get answers not found.";
        else if (answering.Any(a => a.Digest != answering[0].Digest))
            yield return $"Replicas differ: a get merges what {r} of them answer, returns every value that no other write replaced, and repairs those that lag.";
        else yield return Agreed(answering[0]);
    }

    private static string Agreed(KeyReport report)
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
