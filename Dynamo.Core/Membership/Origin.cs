using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>The sender of a gossip message.</summary>
/// <param name="Protocol">The version of the protocol between nodes that it uses; see <see cref="NodeProtocol"/>.</param>
/// <param name="Seal">Shows that it has the cluster's secret; see <see cref="ClusterSeal"/>.</param>
public readonly record struct Origin(string Cluster, NodeId Node, long Incarnation, int Protocol, ulong Seal);

/// <summary>The version of the protocol between nodes. It is raised only by a change that nodes of the former version cannot work with.</summary>
public static class NodeProtocol
{
    /// <summary>The version before gossip named one: its messages carry no seal.</summary>
    public const int Unsealed = 1;

    public const int Current = 2;

    /// <summary>Nodes of an older version are refused.</summary>
    public const int Oldest = 2;
}
