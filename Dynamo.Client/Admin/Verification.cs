using Dynamo.Core.Ring;

namespace Dynamo.Client.Admin;

/// <summary>A key whose primaries differ.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="Partition">The key's partition.</param>
/// <param name="Holders">The digest of each primary's siblings; 0: it has none.</param>
public sealed record KeyDifference(string Key, int Partition, IReadOnlyDictionary<NodeId, ulong> Holders);

/// <summary>The result of a comparison of all replicas.</summary>
/// <param name="Keys">Number of keys compared, tombstones included.</param>
/// <param name="Differing">Number of keys that differ.</param>
/// <param name="Differences">The first few keys that differ.</param>
/// <param name="Hints">Hints that nodes still keep for others.</param>
/// <param name="Silent">Nodes that did not answer: their data is not compared.</param>
public sealed record Verification(long Keys, long Differing, IReadOnlyList<KeyDifference> Differences, long Hints, IReadOnlyList<NodeId> Silent)
{
    /// <summary>True when all nodes answered and all primaries of each key hold the same siblings.</summary>
    public bool IsClean => Differing == 0 && Silent.Count == 0;
}
