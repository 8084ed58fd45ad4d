using System.Text;

namespace Hocon.Parsing;

/// <summary>Paths: keys joined by dots, quoted where a key contains a dot or other reserved characters.</summary>
internal static class PathParser
{
    /// <exception cref="HoconParserException">The text is no path.</exception>
    public static string[] Parse(string path)
    {
        var cursor = new TextCursor(path, null);
        cursor.TakeInlineWhitespace();
        var keys = ParseKey(cursor);
        return cursor.AtEnd ? keys : throw cursor.Unexpected($"in the path '{path}'");
    }

    /// <summary>Stops before the first character that no path contains. Spaces inside a key belong to it.</summary>
    public static string[] ParseKey(TextCursor cursor)
    {
        var keys = new List<string>();
        var key = new StringBuilder();
        var begun = false; // "" is a key too
        for (; ; )
        {
            if (cursor.Current == '"')
            {
                key.Append(QuotedText.Parse(cursor));
                begun = true;
            }
            else if (cursor.Current == '.')
            {
                if (!begun) throw cursor.Unexpected("in a path, where a key was expected");
                keys.Add(key.ToString());
                key.Clear();
                begun = false;
                cursor.Advance();
            }
            else if (!cursor.AtEnd && !cursor.StartsComment && HoconText.IsUnquoted(cursor.Current))
            {
                key.Append(cursor.Take());
                begun = true;
            }
            else
            {
                var space = cursor.TakeInlineWhitespace();
                if (space.Length > 0 && ContinuesKey(cursor))
                {
                    if (begun && cursor.Current != '.') key.Append(space);
                    continue;
                }

                if (!begun) throw cursor.Unexpected("where a key was expected");
                keys.Add(key.ToString());
                return [.. keys];
            }
        }
    }

    private static bool ContinuesKey(TextCursor cursor) =>
        !cursor.AtEnd && !cursor.StartsComment && (cursor.Current is '"' or '.' || HoconText.IsUnquoted(cursor.Current));
}
