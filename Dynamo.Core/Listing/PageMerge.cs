using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Listing;

/// <summary>A key as one replica holds it.</summary>
/// <param name="IsLive">It has a value that is neither deleted nor expired.</param>
public readonly record struct HeldKey(StorageKey Key, ulong Digest, bool IsLive);

/// <summary>One replica's next keys of a partition that match a listing.</summary>
/// <param name="Keys">In the order of the store, those without a live value included.</param>
/// <param name="ScannedTo">The last key that the replica looked at, whether it matches or not; null: none.</param>
/// <param name="IsEnd">It has no keys after these.</param>
public sealed record ReplicaPage(ImmutableArray<HeldKey> Keys, StorageKey? ScannedTo, bool IsEnd);

/// <param name="IsSure">All replicas hold the same set, which is live. Otherwise the sets must be read and merged to know.</param>
public readonly record struct MergedKey(StorageKey Key, bool IsSure);

/// <summary>What the pages of several replicas say together.</summary>
/// <param name="ScannedTo">All replicas have looked at their keys up to this one; null: nothing was looked at, or the partition is at its end.</param>
public sealed record MergedPage(ImmutableArray<MergedKey> Keys, StorageKey? ScannedTo, bool IsEnd);

/// <summary>
/// Merges the pages of R replicas of a partition, as a get merges their sets. A page says nothing about keys beyond its own end, so the merged one ends where the
/// first of them does.
/// </summary>
public static class PageMerge
{
    /// <param name="pages">At least one.</param>
    /// <param name="max">The largest number of keys.</param>
    public static MergedPage Of(IReadOnlyList<ReplicaPage> pages, int max)
    {
        StorageKey? bound = null;
        foreach (var page in pages)
            if (!page.IsEnd && (bound is not { } least || StorageKey.Compare(page.ScannedTo!.Value, least) < 0)) bound = page.ScannedTo;

        var held = new SortedDictionary<StorageKey, List<HeldKey>>(Comparer<StorageKey>.Create(StorageKey.Compare));
        foreach (var key in pages.SelectMany(p => p.Keys))
        {
            if (bound is { } end && StorageKey.Compare(key.Key, end) > 0) continue;
            if (!held.TryGetValue(key.Key, out var here)) held[key.Key] = here = [];
            here.Add(key);
        }
        var merged = ImmutableArray.CreateBuilder<MergedKey>();
        foreach (var (key, here) in held)
        {
            var isSame = here.Count == pages.Count && here.All(h => h.Digest == here[0].Digest);
            if (isSame && !here.Any(h => h.IsLive)) continue;
            if (merged.Count == max) return new MergedPage(merged.ToImmutable(), merged[^1].Key, IsEnd: false);
            merged.Add(new MergedKey(key, isSame && here.All(h => h.IsLive)));
        }
        return new MergedPage(merged.ToImmutable(), bound, IsEnd: bound is null);
    }
}
