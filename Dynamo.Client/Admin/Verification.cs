using Dynamo.Core.Ring;

namespace Dynamo.Client.Admin;

/// <summary>A key whose primaries do not hold the same.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="Partition">The partition that it is in.</param>
/// <param name="Holders">The digest of what each primary holds; 0: nothing.</param>
public sealed record KeyDifference(string Key, int Partition, IReadOnlyDictionary<NodeId, ulong> Holders);

/// <summary>What a comparison of all replicas found.</summary>
/// <param name="Keys">That were compared, tombstones too.</param>
/// <param name="Differing">Of them, those that differ.</param>
/// <param name="Differences">The first few.</param>
/// <param name="Hints">Writes that nodes still keep for others.</param>
/// <param name="Silent">Nodes that did not answer: what they hold is not compared.</param>
public sealed record Verification(long Keys, long Differing, IReadOnlyList<KeyDifference> Differences, long Hints, IReadOnlyList<NodeId> Silent)
{
    /// <summary>All nodes answered, and all primaries of each key hold the same.</summary>
    public bool IsClean => Differing == 0 && Silent.Count == 0;
}
