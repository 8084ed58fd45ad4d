using Dynamo.Core.Ring;

namespace Dynamo.Core.Tombstones;

/// <summary>
/// The tombstones that a reaper has met, and since when each has stood unchanged. Bounded: what is met beyond it waits until others are gone,
/// so whatever cannot become due must go too.
/// </summary>
public sealed class Candidates(int max)
{
    private readonly Dictionary<StorageKey, (ulong Digest, TimeSpan Since, long Pass)> _known = [];
    private long _pass;

    public int Count => _known.Count;

    /// <returns>Since when it has stood as it is; now, when it is new or has changed.</returns>
    public TimeSpan Met(StorageKey key, ulong digest, TimeSpan now)
    {
        var isKnown = _known.TryGetValue(key, out var known);
        var since = isKnown && known.Digest == digest ? known.Since : now;
        if (isKnown || _known.Count < max) _known[key] = (digest, since, _pass);
        return since;
    }

    public void Remove(StorageKey key) => _known.Remove(key);

    public void Clear() => _known.Clear();

    /// <summary>The whole store was looked through: what was not met is not there any more.</summary>
    public void EndPass()
    {
        foreach (var (key, (_, _, pass)) in _known)
            if (pass != _pass) _known.Remove(key);
        _pass++;
    }
}
