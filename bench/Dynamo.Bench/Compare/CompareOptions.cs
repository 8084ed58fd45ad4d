using Dynamo.Bench.Load;

namespace Dynamo.Bench.Compare;

/// <param name="Path">The folder with the build's `dynamo`.</param>
internal sealed record Build(string? Label, string Path)
{
    /// <summary>What `--dynamo` calls the build that lies beside this program.</summary>
    public const string Here = "here";

    private static string Beside => System.IO.Path.Combine(AppContext.BaseDirectory, "product");

    public static IReadOnlyList<Build> Default => [new Build(null, Beside)];

    /// <exception cref="BenchException">There is no build at the path.</exception>
    public static Build Parse(string text)
    {
        var split = text.IndexOf('=');
        var path = text[(split + 1)..];
        var build = new Build(
            split > 0 ? text[..split] : path == Here ? Here : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)),
            path == Here ? Beside : System.IO.Path.GetFullPath(path));
        return File.Exists(System.IO.Path.Combine(build.Path, "dynamo.dll"))
            ? build : throw new BenchException($"--dynamo {text}: there is no dynamo.dll in {build.Path}");
    }
}

/// <param name="Seconds">Of each measurement.</param>
/// <param name="WarmUp">Of each system, before the first measurement.</param>
internal sealed record CompareOptions(
    IReadOnlyList<string> Systems, IReadOnlyList<Operation> Operations, IReadOnlyList<int> InFlight,
    int Rounds, int Seconds, int WarmUp, int ValueBytes, IReadOnlyList<Build> Builds);
