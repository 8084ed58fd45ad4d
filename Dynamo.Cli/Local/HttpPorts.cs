using Dynamo.Cli.Shared;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Local;

/// <summary>Gives the nodes of a local cluster their HTTP ports. A node keeps the port that it has.</summary>
internal static class HttpPorts
{
    // Beside the nodes' own ports: 7100 and 8100.
    private const int Distance = 1000;

    /// <param name="starting">The nodes about to start.</param>
    /// <param name="first">The first port, of --http-port; null: free ones are found.</param>
    /// <exception cref="UsageException">The ports do not fit.</exception>
    public static LocalCluster Give(LocalCluster cluster, IReadOnlyList<LocalNode> starting, int? first)
    {
        if (first is { } port)
        {
            if (port < 1 || port + starting.Count - 1 > 65535) throw new UsageException($"--http-port {port} with {starting.Count} nodes is not from 1 to {65536 - starting.Count}");
            return cluster.With(starting.Select((n, i) => n with { HttpPort = port + i }));
        }
        var bare = starting.Where(n => n.HttpPort is null).ToArray();
        if (bare.Length == 0) return cluster;
        var own = cluster.Nodes.Select(n => NodeAddress.Parse(n.Address).Port).ToArray();
        var taken = own.Concat(cluster.Nodes.Select(n => n.HttpPort ?? 0)).ToHashSet();
        var from = own[0] + Distance + cluster.Nodes.Count <= 65536 ? own[0] + Distance : 1024;
        return cluster.With(bare.Zip(LocalPorts.From(from, bare.Length, taken), (node, free) => node with { HttpPort = free }));
    }
}
