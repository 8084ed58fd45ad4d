using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tombstones;

/// <summary>A member's answer about one key.</summary>
/// <param name="Digest">Of the set it holds; 0: it holds none.</param>
/// <param name="HasHint">It holds a hint of the key, or cannot tell.</param>
public readonly record struct HeldKey(ulong Digest, bool HasHint);

/// <summary>
/// Decides whether a tombstone may be removed for good. The key's first primary removes it, and only when every member answers, all primaries hold
/// the same set, and no other member holds a copy or a hint. A copy elsewhere would come back with nothing left to cover it.
/// </summary>
/// <param name="fallback">The options of a bucket that has none of its own.</param>
public sealed class Reaping(ClusterView view, BucketOptions fallback)
{
    /// <summary>The ring is settled and every member is healthy. A member that cannot be asked may hold a value that the tombstone must cover.</summary>
    public bool IsPossible => !view.Ring.IsNone && view.State.Ring.IsSettled
        && view.Ring.Nodes.All(view.State.Members.ContainsKey) && view.State.Present.All(m => view.IsHealthy(m.Id));

    public bool IsFirstPrimary(StorageKey key) => Primaries(key)[0] == view.Self;

    public ReadOnlySpan<NodeId> Primaries(StorageKey key) => view.Ring.Primaries(view.Ring.PartitionOf(key.Token), view.State.ReplicasOf(key, fallback));

    /// <param name="digest">Of the tombstone.</param>
    /// <param name="answers">Of every member.</param>
    public bool IsAgreed(StorageKey key, ulong digest, IReadOnlyDictionary<NodeId, HeldKey> answers)
    {
        var primaries = Primaries(key).ToArray();
        return primaries.All(answers.ContainsKey)
            && answers.All(a => !a.Value.HasHint && a.Value.Digest == (primaries.Contains(a.Key) ? digest : 0));
    }
}
