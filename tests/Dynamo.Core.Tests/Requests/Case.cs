namespace Dynamo.Core.Tests.Requests;

/// <summary>
/// One case of a file: a title after <c>==</c>, then one line per step. <c>event -> effects</c> is an event of the request and all that
/// follows from it, separated by semicolons; a line without an arrow changes the surroundings. # begins a comment.
/// </summary>
internal sealed record Case(string Title, IReadOnlyList<string> Lines)
{
    public override string ToString() => Title;

    public static IReadOnlyList<Case> Read(string file)
    {
        using var stream = typeof(Case).Assembly.GetManifestResourceStream(file) ?? throw new FileNotFoundException(file);
        using var reader = new StreamReader(stream);
        var cases = new List<Case>();
        foreach (var line in reader.ReadToEnd().Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal)) cases.Add(new Case(line[3..], new List<string>()));
            else ((List<string>)cases[^1].Lines).Add(line);
        }
        return cases;
    }

    /// <summary>Runs each event and compares the whole script with the result.</summary>
    /// <param name="change">Applies a line without an arrow.</param>
    /// <param name="happen">Applies an event and returns its effects, as written after the arrow.</param>
    public void Run(Action<string[]> change, Func<string[], string> happen)
    {
        var expected = new List<string>();
        var actual = new List<string>();
        foreach (var line in Lines)
        {
            if (line.Split("->") is not [var happening, var effects])
            {
                change(line.Split(' '));
                continue;
            }
            expected.Add($"{happening.Trim()} -> {effects.Trim()}");
            actual.Add($"{happening.Trim()} -> {happen(happening.Split(' ', StringSplitOptions.RemoveEmptyEntries))}");
        }
        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual));
    }
}
