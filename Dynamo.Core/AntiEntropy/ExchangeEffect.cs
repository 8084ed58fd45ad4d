using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.AntiEntropy;

/// <summary>The root of one partition's tree.</summary>
public readonly record struct RootHash(int Partition, ulong Hash);

/// <summary>What one of the two nodes holds of a key.</summary>
public readonly record struct HeldSet(StorageKey Key, VersionSet Set);

/// <summary>A peer's answer for one key that is pulled.</summary>
/// <param name="Set">Null: it did not fit the answer, beside the others in it, and has to be asked for again.</param>
/// <param name="IsFailed">The peer cannot read the record.</param>
public readonly record struct PulledSet(VersionSet? Set, bool IsFailed = false);

/// <summary>What a node is to do next in an exchange. All but the last two are questions: one is open at a time, and one event of the exchange answers it.</summary>
public abstract record ExchangeEffect
{
    private ExchangeEffect()
    {
    }

    /// <summary>Ask the peer which of these roots differ from its own.</summary>
    public sealed record AskRoots(ImmutableArray<RootHash> Roots) : ExchangeEffect;

    /// <summary>Ask the peer for the hashes below some nodes of one level of a partition's tree.</summary>
    public sealed record AskHashes(int Partition, int Level, ImmutableArray<int> Nodes) : ExchangeEffect;

    /// <summary>Ask the peer for the keys in some leaves, with their digests.</summary>
    public sealed record AskKeys(int Partition, ImmutableArray<int> Leaves) : ExchangeEffect;

    /// <summary>Ask the peer for what it holds of the keys.</summary>
    public sealed record Pull(ImmutableArray<StorageKey> Keys) : ExchangeEffect;

    /// <summary>Merge the peer's sets in here and the node's own there: both then hold the join. Either may be none.</summary>
    public sealed record Move(ImmutableArray<HeldSet> Here, ImmutableArray<HeldSet> There) : ExchangeEffect;

    /// <summary>Tell the operator of a key that could not be moved even alone.</summary>
    public sealed record PassOver(StorageKey Key) : ExchangeEffect;

    /// <summary>The exchange is over. Always the last effect.</summary>
    /// <param name="Failure">What the peer did, to stand after its name; null: the two nodes hold the same.</param>
    public sealed record Close(string? Failure) : ExchangeEffect;
}
