namespace Dynamo.Layout.Tests;

/// <summary>The sources of the product's projects.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static IEnumerable<string> Projects { get; } =
        [.. Directory.EnumerateFiles(Root, "Dynamo.*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Source> SourcesOf(string project)
    {
        var home = Path.Combine(Root, project);
        return
        [
            .. Directory.EnumerateFiles(home, "*.cs", SearchOption.AllDirectories)
                .Select(file => (file, Folder: Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.')))
                .Where(f => !$"{f.Folder}.".StartsWith($"{project}.obj.", StringComparison.Ordinal) && !$"{f.Folder}.".StartsWith($"{project}.bin.", StringComparison.Ordinal))
                .Select(f => Source.Of(f.Folder, File.ReadAllText(f.file))),
        ];
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AkkaDynamo.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("AkkaDynamo.sln");
        return folder;
    }
}
