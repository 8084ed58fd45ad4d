using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Transfers;

/// <summary>What one owner's answers prove of its part: a record that it holds as it is here, or has taken in, is safe with it.</summary>
public static class OwnerProof
{
    /// <param name="digests">Of what the owner holds, in order.</param>
    /// <returns>The records that are to be sent to it; null: there is not one digest for each, and the answer proves nothing.</returns>
    public static ImmutableArray<StoredRecord>? Differing(ImmutableArray<StoredRecord> part, IReadOnlyList<ulong> digests)
    {
        if (digests.Count != part.Length) return null;
        return part.Where((r, i) => digests[i] != VersionCodec.Digest(r.Key, r.Record.Versions)).ToImmutableArray();
    }

    /// <param name="isTaken">Of each record that was sent, in order; another number of answers proves nothing.</param>
    /// <returns>The keys that the owner does not hold even now.</returns>
    public static ImmutableArray<StorageKey> Missing(ImmutableArray<StoredRecord> sent, IReadOnlyList<bool> isTaken) =>
        [.. sent.Where((_, i) => isTaken.Count != sent.Length || !isTaken[i]).Select(r => r.Key)];
}
