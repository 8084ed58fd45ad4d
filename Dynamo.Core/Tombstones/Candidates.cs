using Dynamo.Core.Ring;

namespace Dynamo.Core.Tombstones;

/// <summary>
/// Tombstones that the reaper has seen, and since when each is unchanged. Bounded: when it is full, new ones wait until others are removed,
/// so entries that cannot become due must be removed too.
/// </summary>
public sealed class Candidates(int max)
{
    private readonly Dictionary<StorageKey, (ulong Digest, TimeSpan Since, long Pass)> _known = [];
    private long _pass;

    public int Count => _known.Count;

    /// <returns>The time since which the tombstone is unchanged; now, if it is new or has changed.</returns>
    public TimeSpan Met(StorageKey key, ulong digest, TimeSpan now)
    {
        var isKnown = _known.TryGetValue(key, out var known);
        var since = isKnown && known.Digest == digest ? known.Since : now;
        if (isKnown || _known.Count < max) _known[key] = (digest, since, _pass);
        return since;
    }

    public void Remove(StorageKey key) => _known.Remove(key);

    public void Clear() => _known.Clear();

    /// <summary>Ends a pass over the whole store: removes candidates that were not seen in it.</summary>
    public void EndPass()
    {
        foreach (var (key, (_, _, pass)) in _known)
            if (pass != _pass) _known.Remove(key);
        _pass++;
    }
}
