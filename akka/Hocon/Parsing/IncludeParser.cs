namespace Hocon.Parsing;

/// <summary><c>include "name"</c>, <c>include file("name")</c>, <c>include required(...)</c> and the like.</summary>
internal static class IncludeParser
{
    private const string Keyword = "include";

    private static readonly (string Word, HoconCallbackType Kind)[] Kinds =
    [
        ("file(", HoconCallbackType.File),
        ("url(", HoconCallbackType.Url),
        ("classpath(", HoconCallbackType.Resource),
        ("resource(", HoconCallbackType.Resource),
    ];

    /// <summary>Whether an include starts here, and not a key that is called include.</summary>
    public static bool StartsAt(TextCursor cursor)
    {
        if (!cursor.StartsWith(Keyword)) return false;
        var ahead = Keyword.Length;
        while (TextCursor.IsInlineWhitespace(cursor.Peek(ahead))) ahead++;
        if (cursor.Peek(ahead) == '"') return true;
        return ahead > Keyword.Length && Kinds.Select(k => k.Word).Append("required(").Any(w => Matches(cursor, ahead, w));
    }

    public static IncludeRequest Parse(TextCursor cursor, string[] scope)
    {
        var at = cursor.Position;
        cursor.Advance(Keyword.Length);
        var required = Take(cursor, "required(");
        var kind = HoconCallbackType.File;
        var closings = required ? 1 : 0;
        foreach (var (word, meant) in Kinds)
        {
            if (!Take(cursor, word)) continue;
            kind = meant;
            closings++;
            break;
        }

        cursor.TakeInlineWhitespace();
        if (cursor.Current != '"') throw cursor.Unexpected("in an include, where a quoted name was expected");
        var name = QuotedText.Parse(cursor);
        for (; closings > 0; closings--)
            if (!Take(cursor, ")"))
                throw cursor.Unexpected("in an include, where ')' was expected");
        return new IncludeRequest(kind, name, required, scope, at);
    }

    private static bool Matches(TextCursor cursor, int ahead, string word)
    {
        for (var i = 0; i < word.Length; i++)
            if (cursor.Peek(ahead + i) != word[i])
                return false;
        return true;
    }

    private static bool Take(TextCursor cursor, string word)
    {
        cursor.TakeInlineWhitespace();
        if (!cursor.StartsWith(word)) return false;
        cursor.Advance(word.Length);
        return true;
    }
}
