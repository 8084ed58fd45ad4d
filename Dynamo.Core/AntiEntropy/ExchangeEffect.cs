using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.AntiEntropy;

/// <summary>The root of one partition's tree.</summary>
public readonly record struct RootHash(int Partition, ulong Hash);

/// <summary>A key with the set that one of the two nodes holds.</summary>
public readonly record struct HeldSet(StorageKey Key, VersionSet Set);

/// <summary>A peer's answer for one pulled key.</summary>
/// <param name="Set">Null: it did not fit into the answer beside the others; ask for it again.</param>
/// <param name="IsFailed">The peer cannot read the record.</param>
public readonly record struct PulledSet(VersionSet? Set, bool IsFailed = false);

/// <summary>A node's next action in an exchange. All but the last two are questions: one is open at a time, and one event answers it.</summary>
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

    /// <summary>Ask the peer for its sets of the keys.</summary>
    public sealed record Pull(ImmutableArray<StorageKey> Keys) : ExchangeEffect;

    /// <summary>Merge the peer's sets here and this node's sets there: both then hold the join. Either list may be empty.</summary>
    public sealed record Move(ImmutableArray<HeldSet> Here, ImmutableArray<HeldSet> There) : ExchangeEffect;

    /// <summary>Tell the operator about a key that could not be moved even alone.</summary>
    public sealed record PassOver(StorageKey Key) : ExchangeEffect;

    /// <summary>The exchange is over. Always the last effect.</summary>
    /// <param name="Failure">The peer's fault, worded to follow its name; null: both nodes hold the same.</param>
    public sealed record Close(string? Failure) : ExchangeEffect;
}
