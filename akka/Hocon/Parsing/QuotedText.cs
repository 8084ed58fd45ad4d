using System.Globalization;
using System.Text;

namespace Hocon.Parsing;

/// <summary>Text in quotes (JSON's rules), and in triple quotes (verbatim, over lines).</summary>
internal static class QuotedText
{
    private const string TripleQuote = "\"\"\"";

    public static string Parse(TextCursor cursor) => cursor.StartsWith(TripleQuote) ? ParseTriple(cursor) : ParseSingle(cursor);

    private static string ParseTriple(TextCursor cursor)
    {
        var opened = cursor.Position;
        cursor.Advance(3);
        var text = new StringBuilder();
        while (!cursor.StartsWith(TripleQuote))
        {
            if (cursor.AtEnd) throw opened.Error("The triple-quoted text is never closed; it was opened");
            text.Append(cursor.Take());
        }

        cursor.Advance(3);
        while (cursor.Current == '"') text.Append(cursor.Take()); // more than three quotes: the first ones are content
        return text.ToString();
    }

    private static string ParseSingle(TextCursor cursor)
    {
        var opened = cursor.Position;
        cursor.Advance();
        var text = new StringBuilder();
        while (cursor.Current != '"')
        {
            if (cursor.AtEnd || cursor.Current == '\n') throw opened.Error("The quoted text is never closed; it was opened");
            text.Append(cursor.Current == '\\' ? ParseEscape(cursor) : cursor.Take());
        }

        cursor.Advance();
        return text.ToString();
    }

    private static char ParseEscape(TextCursor cursor)
    {
        var at = cursor.Position;
        cursor.Advance();
        if (cursor.AtEnd) throw at.Error("The text ends in an escape");
        var c = cursor.Take();
        switch (c)
        {
            case '"' or '\\' or '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                var digits = new string([cursor.Peek(0), cursor.Peek(1), cursor.Peek(2), cursor.Peek(3)]);
                if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                    throw at.Error("'\\u' must be followed by four hexadecimal digits");
                cursor.Advance(4);
                return (char)code;
            default:
                throw at.Error($"Unknown escape '\\{c}'");
        }
    }
}
