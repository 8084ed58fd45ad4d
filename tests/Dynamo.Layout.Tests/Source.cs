using System.Text.RegularExpressions;

namespace Dynamo.Layout.Tests;

/// <summary>One source file: the folder it is in, written as a namespace, and its text without comments.</summary>
internal sealed partial record Source(string Folder, string Text)
{
    /// <summary>Null: a top-level program file, which declares none.</summary>
    public string? Namespace => NamespaceLine().Match(Text) is { Success: true } line ? line.Groups[1].Value : null;

    /// <summary>The types that it declares.</summary>
    public IEnumerable<string> Types => Declaration().Matches(Text).Select(m => m.Groups[1].Value);

    public IEnumerable<string> Words => Word().Matches(Text).Select(m => m.Value);

    public static Source Of(string folder, string text) => new(folder, Comment().Replace(text, ""));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum) ([A-Z]\w*)")]
    private static partial Regex Declaration();

    // A dotted name is one word: it may name a folder.
    [GeneratedRegex(@"\b[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Word();

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
