using System.Collections.Immutable;

namespace Dynamo.Core.Ring;

/// <summary>A node that takes part in a request; <paramref name="FallbackFor"/> names the primary that it replaces, if it is a fallback.</summary>
public readonly record struct Participant(NodeId Node, NodeId? FallbackFor)
{
    public bool IsPrimary => FallbackFor is null;
}

/// <summary>The sloppy quorum of section 4.6: the first N healthy nodes of the walk take part, fallbacks in the place of primaries that are down.</summary>
public static class PreferenceList
{
    /// <summary>
    /// Primaries first, in walk order. A primary that is down is replaced by the next healthy node beyond the primaries; if none
    /// is left, the primary takes part itself, since it may be up after all.
    /// </summary>
    public static ImmutableArray<Participant> Choose(HashRing ring, int partition, int n, Func<NodeId, bool> isHealthy)
    {
        var walk = ring.Walk(partition).AsSpan();
        var primaries = walk[..Math.Min(n, walk.Length)];
        var chosen = ImmutableArray.CreateBuilder<Participant>(primaries.Length);
        foreach (var primary in primaries)
            if (isHealthy(primary)) chosen.Add(new Participant(primary, null));
        var next = primaries.Length;
        foreach (var primary in primaries)
        {
            if (isHealthy(primary)) continue;
            while (next < walk.Length && !isHealthy(walk[next])) next++;
            chosen.Add(next < walk.Length ? new Participant(walk[next++], primary) : new Participant(primary, null));
        }
        return chosen.ToImmutable();
    }

    /// <summary>The next healthy node beyond the primaries that does not take part yet; null when none is left.</summary>
    public static NodeId? NextFallback(HashRing ring, int partition, int n, IReadOnlyList<Participant> taking, Func<NodeId, bool> isHealthy)
    {
        var walk = ring.Walk(partition);
        foreach (var node in walk.AsSpan()[Math.Min(n, walk.Length)..])
            if (isHealthy(node) && !TakesPart(node, taking)) return node;
        return null;
    }

    private static bool TakesPart(NodeId node, IReadOnlyList<Participant> taking)
    {
        for (var place = 0; place < taking.Count; place++)
            if (taking[place].Node == node) return true;
        return false;
    }
}
