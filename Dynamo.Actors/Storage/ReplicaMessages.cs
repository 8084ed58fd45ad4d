using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Storage;

/// <summary>A write that this node coordinates; its store mints the dot. Never leaves the process.</summary>
/// <param name="HintFor">The primary for which the node coordinates as a fallback.</param>
/// <param name="MaxBytes">See <see cref="Mint"/>.</param>
/// <param name="Again">See <see cref="Mint"/>.</param>
/// <param name="Terms">See <see cref="Mint"/>.</param>
public sealed record MintItem(
    StorageKey Key, NodeId? HintFor, Write Write, ConflictMode Conflicts, long MaxBytes = long.MaxValue, StampAgain? Again = null, MintTerms? Terms = null);

public sealed record MintBatch(ImmutableArray<MintItem> Items);

/// <summary>The result of each write of a <see cref="MintBatch"/>, in the same order.</summary>
public sealed record Minted(IReadOnlyList<Applied> Applied, bool Synced);

