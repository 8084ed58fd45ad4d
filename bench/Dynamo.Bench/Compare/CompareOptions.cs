using Dynamo.Bench.Load;

namespace Dynamo.Bench.Compare;

/// <param name="Path">The folder that contains the build's `dynamo`.</param>
internal sealed record Build(string? Label, string Path)
{
    /// <summary>The name in `--dynamo` of the build that comes with this program.</summary>
    public const string Here = "here";

    private static string Beside => System.IO.Path.Combine(AppContext.BaseDirectory, "product");

    public static IReadOnlyList<Build> Default => [new Build(null, Beside)];

    /// <exception cref="UsageException">There is no build at a path, or two builds have the same label.</exception>
    public static IReadOnlyList<Build> ParseAll(string text)
    {
        var builds = CompareCommand.List("--dynamo", text, Parse);
        return builds.DistinctBy(build => build.Label).Count() == builds.Length
            ? builds : throw new UsageException($"--dynamo {text}: two builds have the same label");
    }

    private static Build Parse(string text)
    {
        var split = text.IndexOf('=');
        var (label, path) = (text[..Math.Max(0, split)], text[(split + 1)..]);
        if (path.Length == 0) throw new UsageException($"--dynamo {text}: a build's folder is missing");
        var folder = path == Here ? Beside : System.IO.Path.GetFullPath(path);
        if (!File.Exists(System.IO.Path.Combine(folder, "dynamo.dll"))) throw new UsageException($"--dynamo {text}: there is no dynamo.dll in {folder}");
        if (label.Length == 0) label = path == Here ? Here : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(folder));
        return new Build(label, folder);
    }
}

/// <param name="Seconds">Seconds per measurement.</param>
/// <param name="WarmUp">Seconds of warm-up per system, before the first measurement.</param>
internal sealed record CompareOptions(
    IReadOnlyList<string> Systems, IReadOnlyList<Operation> Operations, IReadOnlyList<int> InFlight,
    int Rounds, int Seconds, int WarmUp, int ValueBytes, IReadOnlyList<Build> Builds);
