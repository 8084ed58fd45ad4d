namespace Dynamo.Hosting.Hocon;

/// <summary>A position in a text as editors count it: from 1, with a tab as one column.</summary>
internal readonly record struct TextPlace(int Line, int Column)
{
    public static TextPlace Of(string text, int position)
    {
        var before = text.AsSpan(0, position);
        return new TextPlace(before.Count('\n') + 1, position - before.LastIndexOf('\n'));
    }

    public override string ToString() => $"{Line}:{Column}";
}
