using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol;

/// <summary>Asks a node for the directory by which a client finds replicas.</summary>
/// <param name="KnownHash">The asker's state hash; while it is current, the answer is <see cref="DirectoryUnchanged"/>.</param>
public sealed record DirectoryRequest(ulong KnownHash) : IWireMessage;

/// <param name="Limits">The node's limits, so that a client can refuse a request before sending it.</param>
public sealed record ClusterDirectory(
    string ClusterName, NodeId Node, ClusterState State, ulong StateHash, ImmutableArray<NodeId> Unreachable, BucketOptions Defaults, RequestLimits Limits)
    : IWireMessage;

public sealed record DirectoryUnchanged(ImmutableArray<NodeId> Unreachable) : IWireMessage;

/// <param name="MaxKeyBytes">From 1.</param>
/// <param name="MaxValueBytes">From 0: an empty value is a value.</param>
public sealed record RequestLimits(int MaxKeyBytes, int MaxValueBytes)
{
    /// <returns>The reason why the request is refused, or null.</returns>
    public string? Check(StorageKey key, int valueBytes)
    {
        if (key.Key.Length == 0) return "the key is empty: 1 byte is the least";
        if (key.Key.Length > MaxKeyBytes) return $"the key has {key.Key.Length} bytes: {MaxKeyBytes} is the limit (dynamo.limits.key-bytes)";
        if (valueBytes > MaxValueBytes) return $"the value has {valueBytes} bytes: {MaxValueBytes} is the limit (dynamo.limits.value-bytes)";
        return null;
    }
}
