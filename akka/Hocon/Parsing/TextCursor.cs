namespace Hocon.Parsing;

/// <summary>A place in a text; lines and columns count from 1.</summary>
internal readonly record struct Position(int Line, int Column, string? Source)
{
    public HoconParserException Error(string what) =>
        new(Source is null ? $"{what} at line {Line}, column {Column}." : $"{what} at line {Line}, column {Column} of {Source}.", this);
}

/// <summary>Reads a text character by character, and knows where it is.</summary>
internal sealed class TextCursor(string text, string? source)
{
    private int _index;
    private int _line = 1;
    private int _lineStart;

    public bool AtEnd => _index >= text.Length;

    /// <summary>The character under the cursor, NUL past the end.</summary>
    public char Current => Peek(0);

    public Position Position => new(_line, _index - _lineStart + 1, source);

    public static bool IsInlineWhitespace(char c) => c != '\n' && (char.IsWhiteSpace(c) || c == '\uFEFF');

    public char Peek(int ahead) => _index + ahead < text.Length ? text[_index + ahead] : '\0';

    public bool StartsWith(string expected) => string.CompareOrdinal(text, _index, expected, 0, expected.Length) == 0;

    public bool StartsComment => Current == '#' || (Current == '/' && Peek(1) == '/');

    public void Advance(int count = 1)
    {
        for (; count > 0; count--)
        {
            if (text[_index++] != '\n') continue;
            _line++;
            _lineStart = _index;
        }
    }

    public char Take()
    {
        var taken = Current;
        Advance();
        return taken;
    }

    public string TakeInlineWhitespace()
    {
        var start = _index;
        while (!AtEnd && IsInlineWhitespace(Current)) _index++;
        return text[start.._index];
    }

    /// <summary>Skips spaces and one comment, up to the line's end.</summary>
    public void SkipToToken()
    {
        TakeInlineWhitespace();
        if (StartsComment)
            while (!AtEnd && Current != '\n') _index++;
    }

    /// <summary>Skips spaces, comments and line ends.</summary>
    /// <returns>Whether a line ended.</returns>
    public bool SkipLines()
    {
        var ended = false;
        for (; ; )
        {
            SkipToToken();
            if (Current != '\n' || AtEnd) return ended;
            Advance();
            ended = true;
        }
    }

    public HoconParserException Unexpected(string where) =>
        Position.Error(AtEnd ? $"The text ends {where}," : $"Unexpected {Describe(Current)} {where},");

    private static string Describe(char c) => c == '\n' ? "line end" : $"'{c}'";
}
