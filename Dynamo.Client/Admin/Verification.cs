using Dynamo.Core.Ring;

namespace Dynamo.Client.Admin;

/// <summary>A key whose primaries do not hold the same.</summary>
/// <param name="Holders">The digest at each primary; 0: it has nothing.</param>
public sealed record KeyDifference(string Key, int Partition, IReadOnlyDictionary<NodeId, ulong> Holders);

/// <param name="Differences">The first few.</param>
/// <param name="Hints">Writes that nodes still keep for others.</param>
/// <param name="Silent">Nodes that did not answer: what they hold is not compared.</param>
public sealed record Verification(long Keys, long Differing, IReadOnlyList<KeyDifference> Differences, long Hints, IReadOnlyList<NodeId> Silent)
{
    public bool IsClean => Differing == 0 && Silent.Count == 0;
}
