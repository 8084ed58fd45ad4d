using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

public readonly record struct PartitionRoot(int Partition, ulong Root);

/// <summary>Opens an exchange: the roots of all partitions that both nodes own in the ring of this epoch.</summary>
public sealed record TreeRoots(NodeId From, long Epoch, ImmutableArray<PartitionRoot> Roots) : IWireMessage;

/// <param name="Partitions">Partitions whose roots differ.</param>
/// <param name="NotCompared">Partitions whose trees the answerer is still building, or that it does not own in its ring.</param>
public sealed record TreeDifferences(ImmutableArray<int> Partitions, ImmutableArray<int> NotCompared) : IWireMessage;

/// <summary>Asks for the hashes below some nodes of one level of a partition's tree.</summary>
public sealed record TreeNodes(int Partition, int Level, ImmutableArray<int> Indexes) : IWireMessage;

/// <summary>Sixteen hashes for each tree node asked for, in order.</summary>
public sealed record TreeHashes(ImmutableArray<ulong> Hashes) : IWireMessage;

/// <summary>Asks for the keys of some leaves.</summary>
public sealed record LeafKeys(int Partition, ImmutableArray<int> Leaves) : IWireMessage;

public readonly record struct KeyDigest(StorageKey Key, ulong Digest);

/// <param name="Leaves">How many of the leaves that were asked for, from the first, these keys are of: as many as fit the message.</param>
public sealed record KeyDigests(ImmutableArray<KeyDigest> Keys, int Leaves) : IWireMessage;
