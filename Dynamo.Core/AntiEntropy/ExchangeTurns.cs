using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.AntiEntropy;

/// <summary>Chooses the peer and the partitions of the next exchange: the peers take turns.</summary>
public sealed class ExchangeTurns
{
    private int _next;

    /// <returns>The next healthy peer, and the roots of the partitions shared with it whose trees are built here; null: there is none now.</returns>
    public (NodeId Peer, ImmutableArray<RootHash> Roots)? Next(Ownership owners, Forest forest)
    {
        var view = owners.View;
        var peers = view.Ring.Nodes.Where(n => n != view.Self && view.IsHealthy(n)).Order().ToArray();
        for (var tries = 0; tries < peers.Length; tries++)
        {
            var peer = peers[_next++ % peers.Length];
            if (Shared(peer, owners, forest) is { IsEmpty: false } roots) return (peer, roots);
        }
        return null;
    }

    /// <summary>The reason why a partition cannot be compared with a peer now; null: it can.</summary>
    public static string? WhyNot(NodeId peer, int partition, ClusterView view, Forest forest)
    {
        if (!forest.IsPartitionBuilt(partition)) return "this node's hash trees are being built";
        return view.AddressOf(peer) is null ? $"node {peer} is not known" : null;
    }

    private static ImmutableArray<RootHash> Shared(NodeId peer, Ownership owners, Forest forest) =>
    [
        .. Enumerable.Range(0, owners.View.Ring.PartitionCount)
            .Where(p => owners.IsOwner(owners.View.Self, p) && owners.IsOwner(peer, p) && forest.IsPartitionBuilt(p)).Select(forest.Root),
    ];
}
