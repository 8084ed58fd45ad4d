using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>Which node to send a request to: the key's replicas in preference order, those that lately did not answer last.</summary>
internal sealed class Router(TimeSpan avoidFor)
{
    private readonly Dictionary<NodeId, TimeSpan> _avoidUntil = [];
    private ImmutableHashSet<NodeId> _unreachable = [];

    public ClusterDirectory? Directory { get; private set; }

    public void Use(ClusterDirectory directory)
    {
        Directory = directory;
        _unreachable = [.. directory.Unreachable];
    }

    public void Use(DirectoryUnchanged unchanged) => _unreachable = [.. unchanged.Unreachable];

    public void Avoid(NodeId node, TimeSpan now) => _avoidUntil[node] = now + avoidFor;

    public void Answered(NodeId node) => _avoidUntil.Remove(node);

    /// <summary>The next node for a request; null when every node was tried.</summary>
    public NodeId? Next(StorageKey key, IReadOnlyCollection<NodeId> tried, TimeSpan now)
    {
        var ring = Directory!.State.Ring.Serving;
        if (ring.IsNone) return null;
        NodeId? lastResort = null;
        foreach (var node in ring.Walk(ring.PartitionOf(key.Token)))
        {
            if (tried.Contains(node)) continue;
            if (IsGone(node)) continue;
            if (!_unreachable.Contains(node) && !IsAvoided(node, now)) return node;
            lastResort ??= node;
        }
        return lastResort;
    }

    // Who was removed may still be an owner, until its partitions have moved.
    private bool IsGone(NodeId node) => !Directory!.State.Members.TryGetValue(node, out var member) || member.IsGone;

    private bool IsAvoided(NodeId node, TimeSpan now) => _avoidUntil.TryGetValue(node, out var until) && now < until;
}
