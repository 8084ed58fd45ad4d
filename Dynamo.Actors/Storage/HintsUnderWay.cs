using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Actors.Storage;

/// <summary>
/// Hints that wait for the store. A disk may stall for longer than a tombstone's grace: the tombstone must not be gone when such a hint is stored at
/// last, and handed over. The hint buffer alone writes here, and outside of it the storage replica reads. A hint is here before the engine is given
/// it, and until after the engine has it: whoever looks here first, and then into the store, misses none. What is here outlives a restart of the hint buffer,
/// as the writes under way do.
/// </summary>
internal sealed class HintsUnderWay
{
    // Immutable, and replaced as a whole.
    private volatile Waiting _waiting = new(ImmutableDictionary<StorageKey, int>.Empty, 0, 0);

    public int Count => _waiting.Count;

    public long Bytes => _waiting.Bytes;

    public bool Has(StorageKey key) => _waiting.Keys.ContainsKey(key);

    public void Add(IReadOnlyList<Mutation> hints)
    {
        var keys = _waiting.Keys.ToBuilder();
        foreach (var hint in hints) keys[hint.Key.Key] = keys.GetValueOrDefault(hint.Key.Key) + 1;
        _waiting = new Waiting(keys.ToImmutable(), _waiting.Count + hints.Count, _waiting.Bytes + StoreBatches.BytesOf(hints));
    }

    public void Remove(IReadOnlyList<Mutation> hints)
    {
        var keys = _waiting.Keys.ToBuilder();
        foreach (var hint in hints)
        {
            var others = keys[hint.Key.Key] - 1;
            if (others > 0) keys[hint.Key.Key] = others;
            else keys.Remove(hint.Key.Key);
        }
        _waiting = new Waiting(keys.ToImmutable(), _waiting.Count - hints.Count, _waiting.Bytes - StoreBatches.BytesOf(hints));
    }

    /// <param name="Keys">And how many hints of each wait.</param>
    /// <param name="Bytes">Of keys and values.</param>
    private sealed record Waiting(ImmutableDictionary<StorageKey, int> Keys, int Count, long Bytes);
}
