using System.Text.Json;
using System.Text.Json.Serialization;
using Dynamo.Cli.Shared;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Local;

/// <param name="ProcessId">0 when the node is not running.</param>
/// <param name="StartedAt">The process's start time in ticks, so that another process that reuses its id is not mistaken for it.</param>
/// <param name="IsGone">True when the node has left or was removed; it is not started again.</param>
/// <param name="HttpPort">Null: the node was first started by a version without HTTP, and gets a port when it starts again.</param>
internal sealed record LocalNode(string Name, string Address, int ProcessId, long StartedAt, bool IsGone = false, int? HttpPort = null);

/// <param name="Founders">The nodes that the cluster started with; null: all.</param>
/// <param name="Settings">What --set gave to all nodes, by key; null: nothing.</param>
internal sealed record LocalCluster(
    string Name, string Engine, IReadOnlyList<LocalNode> Nodes, IReadOnlyList<string>? Founders = null, IReadOnlyDictionary<string, string>? Settings = null)
{
    [JsonIgnore]
    public IReadOnlyList<LocalNode> Present { get; } = [.. Nodes.Where(n => !n.IsGone)];

    [JsonIgnore]
    public IReadOnlyList<string> FounderNames => Founders ?? [.. Nodes.Select(n => n.Name)];

    [JsonIgnore]
    public IReadOnlyDictionary<string, string> GivenSettings => Settings ?? new Dictionary<string, string>();

    /// <summary>A copy of the cluster in which the given nodes replace those of the same names.</summary>
    public LocalCluster With(params IEnumerable<LocalNode> nodes)
    {
        var news = nodes.ToDictionary(n => n.Name);
        return new LocalCluster(Name, Engine, [.. Nodes.Select(n => news.GetValueOrDefault(n.Name, n))], Founders, Settings);
    }

    /// <summary>A copy of the cluster with more settings for all nodes, and without some.</summary>
    public LocalCluster With(IEnumerable<(string Key, string Value)> set, IEnumerable<string> unset)
    {
        var settings = GivenSettings.Where(s => !unset.Contains(s.Key)).ToDictionary();
        foreach (var (key, value) in set) settings[key] = value;
        return new LocalCluster(Name, Engine, Nodes, Founders, settings.Count > 0 ? settings : null);
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocalCluster))]
internal sealed partial class FolderJson : JsonSerializerContext;

/// <summary>The folder of a cluster that `dynamo up` runs: cluster.json, and each node's configuration (its own and the
/// generated one), log and data.</summary>
internal sealed class ClusterFolder(string path)
{
    public string Path { get; } = path;

    private string File => System.IO.Path.Combine(Path, "cluster.json");

    public string ConfigOf(string node) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, $"{node}.conf"));

    public string GeneratedConfigOf(string node) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, NodeConfigFile.NameOfGenerated(node)));

    public string LogOf(string node) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, $"{node}.log"));

    public string DataOf(string node) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, "data", node));

    /// <returns>Null when there is no cluster in the folder.</returns>
    public LocalCluster? Load()
    {
        if (!System.IO.File.Exists(File)) return null;
        try
        {
            var cluster = JsonSerializer.Deserialize(System.IO.File.ReadAllText(File), FolderJson.Default.LocalCluster);
            if (cluster is not { Name: not null, Engine: not null, Nodes.Count: > 0 }
                || cluster.Nodes.Any(n => n.Name is null) || cluster.GivenSettings.Values.Contains(null))
                throw new FailedException($"{File} is damaged: it names no cluster or no nodes");
            foreach (var node in cluster.Nodes) NodeAddress.Parse(node.Address);
            return cluster;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentNullException or IOException or UnauthorizedAccessException)
        {
            throw new FailedException($"{File} is damaged or cannot be read: {e.Message}");
        }
    }

    /// <summary>Locks the folder while nodes are started or stopped: two commands at once would overwrite each other's record of processes.</summary>
    /// <exception cref="FailedException">Another command holds the lock, or the folder cannot be written.</exception>
    public IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(Path);
            return new FileStream(System.IO.Path.Combine(Path, "cluster.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (Directory.Exists(Path) && System.IO.File.Exists(System.IO.Path.Combine(Path, "cluster.lock")))
        {
            throw new FailedException($"another 'dynamo up' or 'dynamo down' is using the folder {Path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailedException($"the folder {Path} cannot be written: {e.Message}");
        }
    }

    /// <exception cref="FailedException">The folder cannot be written.</exception>
    public void Save(LocalCluster cluster) => WriteFile(File, JsonSerializer.Serialize(cluster, FolderJson.Default.LocalCluster));

    /// <returns>The text of the node's own configuration file; null when there is none.</returns>
    /// <exception cref="FailedException">The file cannot be read.</exception>
    public string? ReadConfigOf(string node)
    {
        try
        {
            return System.IO.File.Exists(ConfigOf(node)) ? System.IO.File.ReadAllText(ConfigOf(node)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailedException($"{ConfigOf(node)} cannot be read: {e.Message}");
        }
    }

    /// <exception cref="FailedException">The folder cannot be written.</exception>
    public void WriteFile(string file, string text)
    {
        try
        {
            Directory.CreateDirectory(Path);
            // Written to a temporary file and renamed: if the CLI is killed, either the old or the new file is intact.
            System.IO.File.WriteAllText(file + ".new", text);
            System.IO.File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailedException($"the folder {Path} cannot be written: {e.Message}");
        }
    }
}
