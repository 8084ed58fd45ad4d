using System.Text.RegularExpressions;
using Dynamo.Cli.Shared;

namespace Dynamo.Cli.Local;

/// <summary>Checks and writes the configuration files of a local cluster's nodes. The node's own program does the checking, before anything is written.</summary>
internal static partial class NodeFiles
{
    /// <summary>Checks the settings of --set, with those that were given before.</summary>
    /// <exception cref="UsageException">A key is not a setting, or a value is not allowed.</exception>
    public static async Task CheckGivenAsync(ClusterFolder folder, LocalCluster cluster, CancellationToken cancellation)
    {
        var check = await NodeProcesses.CheckAsync(Line(folder, cluster, cluster.Present[0]), folder.Path, cancellation);
        // A place in the generated text means nothing to the user.
        if (!check.IsValid) throw new UsageException($"--set{Place().Replace(check.Said, "")}");
    }

    /// <summary>Checks the files that their user has edited.</summary>
    /// <exception cref="UsageException">One of them is not HOCON, has an invalid setting, or overrides what 'dynamo up' relies on.</exception>
    public static async Task CheckOwnAsync(ClusterFolder folder, LocalCluster cluster, IEnumerable<LocalNode> nodes, CancellationToken cancellation)
    {
        foreach (var node in nodes)
        {
            if (folder.ReadConfigOf(node.Name) is not { } text || text == NodeConfigFile.Own(node.Name)) continue;
            var file = folder.ConfigOf(node.Name);
            var check = await NodeProcesses.CheckAsync(Including(text, node.Name, Line(folder, cluster, node)), folder.Path, cancellation);
            if (!check.IsValid) throw new UsageException($"{file}{check.Said}");
            var wanted = $"node {node.Name} of cluster {cluster.Name} at {node.Address}";
            if (check.Said != wanted)
                throw new UsageException($"{file} makes it '{check.Said}', but 'dynamo up' runs '{wanted}': leave name, cluster, hostname and port out of the file (--port chooses ports)");
        }
    }

    /// <summary>Writes the generated files, and the users' own where they are missing.</summary>
    /// <exception cref="FailedException">A file cannot be written.</exception>
    public static void Write(ClusterFolder folder, LocalCluster cluster, IEnumerable<LocalNode> nodes)
    {
        foreach (var node in nodes)
        {
            folder.WriteFile(folder.GeneratedConfigOf(node.Name), NodeConfigFile.Generated(cluster, node, folder.DataOf(node.Name)));
            var text = folder.ReadConfigOf(node.Name);
            if (text is null) folder.WriteFile(folder.ConfigOf(node.Name), NodeConfigFile.Own(node.Name));
            // A file that 'dynamo up' of a former version wrote, or one that lost its include: all that is in it stays, and overrides the generated file.
            else if (!Includes(node.Name).IsMatch(text)) folder.WriteFile(folder.ConfigOf(node.Name), Including(text, node.Name, NodeConfigFile.Include(node.Name)));
        }
    }

    // The user's text with the line in the place of its include, or at its top.
    private static string Including(string text, string node, string line)
    {
        var include = Includes(node).Match(text);
        return include.Success ? $"{text[..include.Index]}{line}{text[(include.Index + include.Length)..]}" : $"{line}\n{text}";
    }

    private static Regex Includes(string node) =>
        new($"""^[ \t]*include[ \t]+"{Regex.Escape(NodeConfigFile.NameOfGenerated(node))}"[ \t]*""", RegexOptions.Multiline, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"^:\d+:\d+", RegexOptions.None, 1000)]
    private static partial Regex Place();

    private static string Line(ClusterFolder folder, LocalCluster cluster, LocalNode node) => NodeConfigFile.GeneratedLine(cluster, node, folder.DataOf(node.Name));
}
