using Dynamo.Cli.Local;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;
using Spectre.Console;

namespace Dynamo.Cli.Output;

/// <summary>The nodes of a local cluster as a table.</summary>
internal static class ClusterTable
{
    public static Table Of(LocalCluster cluster, IReadOnlyList<NodeStatus?> statuses, RingInfo? ring)
    {
        var table = Tables.New(
            ("node", false), ("address", false), ("http", false), ("process", true), ("state", false), ("partitions", true), ("share", true), ("keys", true), ("hints", true));
        for (var i = 0; i < cluster.Present.Count; i++) table.AddRow(Row(cluster.Present[i], statuses[i], statuses, ring));
        return table;
    }

    private static string[] Row(LocalNode node, NodeStatus? status, IReadOnlyList<NodeStatus?> all, RingInfo? ring)
    {
        var id = new NodeId(node.Name);
        var doubters = all.Count(s => s is not null && s.Unreachable.Contains(id));
        var state = status is null ? "no answer" : doubters > 0 ? $"unseen by {doubters}" : "up";
        return
        [
            node.Name, node.Address, node.HttpPort is { } http ? $"127.0.0.1:{http}" : "-", (status?.ProcessId ?? node.ProcessId).ToString(), state, $"{ring?.PartitionsOf(id) ?? 0}", $"{100 * (ring?.ShareOf(id) ?? 0):0.0} %",
            status?.Keys.ToString() ?? "-", status?.HintsHeld.ToString() ?? "-",
        ];
    }
}
