using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Actors.Storage;

/// <summary>
/// Hints on their way into the store. A disk may stall for longer than a tombstone's grace, and the tombstone must still exist when such a hint is finally
/// stored and handed over. Only the hint buffer writes here; the storage replica reads. A hint is listed before the engine gets it and until after the
/// engine has it, so a reader that looks here first, then in the store, misses none. The list survives a restart of the hint buffer, as do its writes in
/// flight.
/// </summary>
internal sealed class HintsUnderWay
{
    // Immutable; replaced as a whole.
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

    /// <param name="Keys">Each key, with the number of its hints that wait.</param>
    /// <param name="Bytes">Bytes of keys and values.</param>
    private sealed record Waiting(ImmutableDictionary<StorageKey, int> Keys, int Count, long Bytes);
}
