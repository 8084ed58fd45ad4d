namespace Dynamo.Cli.Local;

/// <summary>The HOCON file of one node of a local cluster.</summary>
internal static class NodeConfigFile
{
    public static string Text(LocalCluster cluster, LocalNode node, string dataDir)
    {
        var port = node.Address[(node.Address.LastIndexOf(':') + 1)..];
        return $$"""
            # Written by 'dynamo up'. For all settings see hocon/reference.conf.
            dynamo {
              node.name = "{{node.Name}}"
              cluster {
                name = "{{cluster.Name}}"
                founders = [{{List(cluster.FounderNames)}}]
                seeds = [{{List(cluster.Present.Select(n => n.Address))}}]
              }
            {{Alone(cluster)}}  storage {
                engine = {{cluster.Engine}}
                data-dir = "{{dataDir.Replace("\\", "/")}}"
              }
            }
            akka.remote.dot-netty.tcp {
              hostname = "127.0.0.1"
              port = {{port}}
            }

            """;
    }

    // One node can never meet a quorum of two, so a cluster that starts with one keeps one copy until 'dynamo admin bucket' changes that.
    private static string Alone(LocalCluster cluster) => cluster.FounderNames.Count > 1 ? "" : "  bucket { n = 1, r = 1, w = 1 }\n";

    private static string List(IEnumerable<string> items) => string.Join(", ", items.Select(i => $"\"{i}\""));
}
