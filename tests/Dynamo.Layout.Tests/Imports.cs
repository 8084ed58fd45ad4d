namespace Dynamo.Layout.Tests;

/// <summary>
/// The imports between the folders of a project. A file imports the folders that its `using` lines, or full names in its text, begin with; and of the folders
/// around its own, which C# shows it without a `using`, those whose types it names.
/// </summary>
internal sealed class Imports
{
    private readonly SortedDictionary<string, SortedSet<string>> _of = new(StringComparer.Ordinal);

    public Imports(IReadOnlyList<Source> sources)
    {
        var folders = sources.Select(s => s.Folder).ToHashSet(StringComparer.Ordinal);
        var types = sources.ToLookup(s => s.Folder, s => s.Types, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.SelectMany(t => t).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var folder in folders) _of[folder] = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            var around = AndAround(source.Folder).Skip(1).Where(folders.Contains).ToArray();
            foreach (var word in source.Words)
            {
                if (AndAround(word).FirstOrDefault(folders.Contains) is { } named) Add(source.Folder, named);
                var first = word.Split('.')[0];
                foreach (var outer in around.Where(outer => types[outer].Contains(first))) Add(source.Folder, outer);
            }
        }
    }

    public void Remove(string importer, string imported) => _of[importer].Remove(imported);

    public bool Has(string importer, string imported) => _of.TryGetValue(importer, out var imports) && imports.Contains(imported);

    /// <summary>The shortest circle, as `A → B → A`; null when there is none.</summary>
    public string? Circle() => _of.Keys.Select(CircleThrough).Where(c => c is not null).MinBy(c => c!.Length) is { } circle ? string.Join(" → ", circle) : null;

    private string[]? CircleThrough(string start)
    {
        var ways = new Queue<string[]>([[start]]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (ways.TryDequeue(out var way))
        {
            foreach (var next in _of[way[^1]])
            {
                if (next == start) return [.. way, start];
                if (seen.Add(next)) ways.Enqueue([.. way, next]);
            }
        }
        return null;
    }

    // A name and the namespaces around it: A.B.C, A.B, A.
    private static IEnumerable<string> AndAround(string name)
    {
        for (var at = name; at.Length > 0; at = at.LastIndexOf('.') is var dot and > 0 ? at[..dot] : "") yield return at;
    }

    private void Add(string importer, string imported)
    {
        if (importer != imported) _of[importer].Add(imported);
    }
}
