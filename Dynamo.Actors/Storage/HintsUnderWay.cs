using Dynamo.Core.Ring;

namespace Dynamo.Actors.Storage;

/// <summary>
/// Keys of hints that wait for the store. A disk may stall for longer than a tombstone's grace: the tombstone must not be gone when
/// such a hint is stored at last, and handed over. Written by the hint buffer, read by the storage replica.
/// </summary>
internal sealed class HintsUnderWay
{
    private readonly Dictionary<StorageKey, int> _keys = [];

    public bool Has(StorageKey key)
    {
        lock (_keys) return _keys.ContainsKey(key);
    }

    public void Add(IEnumerable<StorageKey> keys)
    {
        lock (_keys)
            foreach (var key in keys) _keys[key] = _keys.GetValueOrDefault(key) + 1;
    }

    public void Remove(IEnumerable<StorageKey> keys)
    {
        lock (_keys)
            foreach (var key in keys)
                if (_keys.TryGetValue(key, out var count) && count > 1) _keys[key] = count - 1;
                else _keys.Remove(key);
    }
}
