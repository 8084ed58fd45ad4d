using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Transfers;

/// <summary>Checks one owner's answers for its part: a record that the owner holds exactly as here, or has stored now, is safe with it.</summary>
public static class OwnerProof
{
    /// <param name="digests">The digests of the owner's records, in order.</param>
    /// <returns>The records to send to the owner; null: the number of digests is wrong, and the answer proves nothing.</returns>
    public static ImmutableArray<StoredRecord>? Differing(ImmutableArray<StoredRecord> part, IReadOnlyList<ulong> digests)
    {
        if (digests.Count != part.Length) return null;
        return part.Where((r, i) => digests[i] != VersionCodec.Digest(r.Key, r.Record.Versions)).ToImmutableArray();
    }

    /// <param name="isTaken">Whether the owner stored each record sent, in order; a wrong number of answers proves nothing.</param>
    /// <returns>The keys that the owner still does not hold.</returns>
    public static ImmutableArray<StorageKey> Missing(ImmutableArray<StoredRecord> sent, IReadOnlyList<bool> isTaken) =>
        [.. sent.Where((_, i) => isTaken.Count != sent.Length || !isTaken[i]).Select(r => r.Key)];
}
