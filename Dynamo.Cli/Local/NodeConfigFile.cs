namespace Dynamo.Cli.Local;

/// <summary>
/// The texts of the two HOCON files of a node of a local cluster: the user's own, which is written once and never changed, and the generated one that it
/// includes, which each `dynamo up` writes anew.
/// </summary>
internal static class NodeConfigFile
{
    /// <summary>The line of the user's file that reads the generated one. HOCON resolves the name relative to the file.</summary>
    public static string Include(string node) => $"include \"{NameOfGenerated(node)}\"";

    public static string NameOfGenerated(string node) => $"{node}.generated.conf";

    /// <summary>The user's file as it is first written.</summary>
    public static string Own(string node) => $"""
        # Settings of node {node}. 'dynamo up' wrote this file once and does not change it: what you write here stays.
        # The file included next holds what 'dynamo up' decides: name, addresses, data folder, and the settings of --set. Settings below override it.
        # All settings and their defaults: hocon/reference.conf.
        {Include(node)}

        """;

    public static string Generated(LocalCluster cluster, LocalNode node, string dataDir)
    {
        var settings = string.Concat(Decided(cluster, node, dataDir).Select(Line));
        var given = string.Concat(Given(cluster).Select(Line));
        return $"""
            # Written by each 'dynamo up': edits are lost. Your settings belong into {node.Name}.conf, or for all nodes: dynamo up --set KEY=VALUE.
            {settings}{(given.Length > 0 ? $"\n# Given with --set and kept in cluster.json; --unset KEY takes one back.\n{given}" : "")}
            """;
    }

    /// <summary>All generated settings in one line, which can stand in the place of the include: the other lines keep their numbers.</summary>
    public static string GeneratedLine(LocalCluster cluster, LocalNode node, string dataDir) =>
        string.Join(", ", Decided(cluster, node, dataDir).Concat(Given(cluster)).Select(s => $"{s.Key} = {s.Value}"));

    private static string Line((string Key, string Value) setting) => $"{setting.Key} = {setting.Value}\n";

    private static IEnumerable<(string Key, string Value)> Given(LocalCluster cluster) =>
        cluster.GivenSettings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, GivenSetting.Hocon(s.Value)));

    private static IEnumerable<(string Key, string Value)> Decided(LocalCluster cluster, LocalNode node, string dataDir)
    {
        yield return ("dynamo.node.name", Quoted(node.Name));
        yield return ("dynamo.cluster.name", Quoted(cluster.Name));
        yield return ("dynamo.cluster.founders", List(cluster.FounderNames));
        yield return ("dynamo.cluster.seeds", List(cluster.Present.Select(n => n.Address)));
        // One node can never meet a quorum of two, so a cluster that starts with one keeps one copy until 'dynamo admin bucket' changes that.
        if (cluster.FounderNames.Count == 1)
            foreach (var quorum in (string[])["n", "r", "w"]) yield return ($"dynamo.bucket.{quorum}", "1");
        yield return ("dynamo.storage.engine", cluster.Engine);
        yield return ("dynamo.storage.data-dir", Quoted(dataDir.Replace("\\", "/")));
        if (node.HttpPort is { } http) yield return ("dynamo.http.port", http.ToString());
        yield return ("akka.remote.dot-netty.tcp.hostname", Quoted("127.0.0.1"));
        yield return ("akka.remote.dot-netty.tcp.port", node.Address[(node.Address.LastIndexOf(':') + 1)..]);
    }

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Quoted))}]";

    private static string Quoted(string text) => $"\"{text}\"";
}
