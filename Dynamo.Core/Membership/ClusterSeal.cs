using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>
/// The seal of a node's gossip: the first 8 bytes of an HMAC-SHA256 over its cluster, name and incarnation under `dynamo.cluster.secret`. Nodes with the same
/// secret compute the same seal, and none tells the secret. It finds mistakes; it is no defence against who can read the traffic and repeat it.
/// </summary>
public sealed class ClusterSeal(ImmutableArray<byte> secret)
{
    // A stranger that keeps changing its name must not fill the memory.
    private const int MaxKnown = 10_000;
    private readonly Dictionary<NodeId, (string Cluster, long Incarnation, ulong Seal)> _known = [];

    public ulong Of(string cluster, NodeId node, long incarnation)
    {
        if (_known.TryGetValue(node, out var known) && known.Incarnation == incarnation && known.Cluster == cluster) return known.Seal;
        if (_known.Count >= MaxKnown) _known.Clear();
        var seal = Hash(cluster, node, incarnation);
        _known[node] = (cluster, incarnation, seal);
        return seal;
    }

    /// <summary>The origin's node has the same secret.</summary>
    public bool Fits(Origin origin) => Of(origin.Cluster, origin.Node, origin.Incarnation) == origin.Seal;

    private ulong Hash(string cluster, NodeId node, long incarnation)
    {
        var writer = new ByteWriter(128);
        // Contexts are sealed with the same secret: neither seal may pass for the other.
        writer.Bytes("gossip"u8);
        writer.Text(cluster);
        writer.Text(node.Name);
        writer.Count(incarnation);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.AsSpan(), writer.Written, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
