using System.Buffers;

namespace Dynamo.Hosting.Hocon;

/// <summary>The text is not HOCON, or Akka.NET's parser would misread it.</summary>
internal sealed class HoconSyntaxException(string message, int position) : Exception(message)
{
    public int Position { get; } = position;
}

/// <summary>A cursor over a text; treats blanks, comments and quotes as Akka.NET's tokenizer does.</summary>
internal sealed class HoconTokens(string text)
{
    private const string NotInText = "$\"{}[]:=,#`^?!@*&\\";
    private const string Escapes = "\"\\/bfnrt";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public int Position { get; private set; }

    public bool IsAtEnd => Position >= text.Length;

    public char Next => IsAtEnd ? '\0' : text[Position];

    public bool IsText => !IsAtEnd && !char.IsWhiteSpace(Next) && !IsComment && !NotInText.Contains(Next, StringComparison.Ordinal);

    /// <summary>True within a key: a dot ends it, blanks do not.</summary>
    public bool IsKey => !IsAtEnd && (char.IsWhiteSpace(Next) || (IsText && Next != '.'));

    private bool IsComment => Next == '#' || IsNext("//");

    public bool IsNext(string word) => text.AsSpan(Position).StartsWith(word, StringComparison.Ordinal);

    public void Take(int count = 1) => Position += count;

    public string Since(int start) => text[start..Position];

    /// <summary>Skips blanks, comments and line ends.</summary>
    /// <returns>True if a line ended.</returns>
    public bool SkipBlanks()
    {
        var start = Position;
        while (true)
        {
            SkipWithinLine();
            if (IsAtEnd || Next != '\n') return text.AsSpan(start, Position - start).Contains('\n');
            Take();
        }
    }

    /// <summary>Skips blanks and a comment, up to the end of the line.</summary>
    public void SkipWithinLine()
    {
        while (!IsAtEnd && char.IsWhiteSpace(Next) && Next != '\n') Take();
        if (IsComment)
            while (!IsAtEnd && Next != '\n') Take();
    }

    public void SkipText()
    {
        while (IsText) Take();
    }

    /// <summary>Skips a quoted text. A triple-quoted one may span lines and has no escapes.</summary>
    public void SkipQuoted()
    {
        var start = Position;
        if (IsNext("\"\"\""))
        {
            var end = text.IndexOf("\"\"\"", start + 3, StringComparison.Ordinal);
            if (end < 0) throw new HoconSyntaxException("the text that begins with \"\"\" here is never closed", start);
            Position = end + 3;
            return;
        }
        Take();
        while (Next != '"')
        {
            if (IsAtEnd || Next == '\n') throw new HoconSyntaxException("the quote that is opened here is not closed on its line", start);
            if (Next == '\\') SkipEscape();
            else Take();
        }
        Take();
    }

    private void SkipEscape()
    {
        var escaped = Position + 1 < text.Length ? text[Position + 1] : '\n';
        if (escaped == 'u' && Position + 6 <= text.Length && text.AsSpan(Position + 2, 4).IndexOfAnyExcept(HexDigits) < 0) Take(6);
        else if (Escapes.Contains(escaped, StringComparison.Ordinal)) Take(2);
        else if (escaped == 'u') throw new HoconSyntaxException("\\u is followed by four hexadecimal digits", Position);
        else throw new HoconSyntaxException($"there is no escape '\\{(escaped == '\n' ? "" : escaped)}': a backslash is written '\\\\', and a path may have '/' instead", Position);
    }
}
