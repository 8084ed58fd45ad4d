using System.Text;

namespace Hocon.Parsing;

/// <param name="Scope">The path of the object that contains the include.</param>
internal sealed record IncludeRequest(HoconCallbackType Kind, string Name, bool Required, string[] Scope, Position At);

/// <returns>What to include, or null if there is nothing by that name.</returns>
internal delegate ObjectSyntax? IncludeLoader(IncludeRequest request);

/// <summary>A recursive-descent parser of one document.</summary>
internal sealed class DocumentParser
{
    private const int MaximumDepth = 200;

    private readonly TextCursor _cursor;
    private readonly IncludeLoader _include;
    private readonly string[] _scope;
    private readonly List<string> _path;
    private int _arrays;
    private int _depth;

    private DocumentParser(string text, string? source, IncludeLoader include, string[] scope)
    {
        _cursor = new TextCursor(text, source);
        _include = include;
        _scope = scope;
        _path = [.. scope];
    }

    /// <returns>An object, or an array.</returns>
    /// <exception cref="HoconParserException">The text is no HOCON.</exception>
    public static Syntax Parse(string text, string? source, IncludeLoader include, string[]? scope = null) =>
        new DocumentParser(text, source, include, scope ?? []).ParseDocument();

    private Syntax ParseDocument()
    {
        _cursor.SkipLines();
        Syntax document;
        switch (_cursor.Current)
        {
            case '{':
                document = ParseObject();
                break;
            case '[':
                document = ParseArray();
                break;
            default:
                var body = new ObjectSyntax(_cursor.Position);
                ParseFields(body, null);
                document = body;
                break;
        }

        _cursor.SkipLines();
        return _cursor.AtEnd ? document : throw _cursor.Unexpected("after the end of the document");
    }

    private ObjectSyntax ParseObject()
    {
        var opened = _cursor.Position;
        _cursor.Advance();
        var body = new ObjectSyntax(opened);
        ParseFields(body, opened);
        _cursor.Advance();
        return body;
    }

    /// <summary>Stops at the closing brace, or at the end of a document without braces.</summary>
    private void ParseFields(ObjectSyntax into, Position? opened)
    {
        var separated = true;
        for (; ; )
        {
            separated |= _cursor.SkipLines();
            if (_cursor.AtEnd)
            {
                if (opened is { } at) throw at.Error("The '{' is never closed; it was opened");
                return;
            }

            if (_cursor.Current == '}' && opened is not null) return;
            if (!separated) throw _cursor.Unexpected("where a comma, a line end or '}' was expected");

            ParseField(into);
            separated = TakeComma();
        }
    }

    private bool TakeComma()
    {
        var ended = _cursor.SkipLines();
        if (_cursor.Current != ',' || _cursor.AtEnd) return ended;
        _cursor.Advance();
        return true;
    }

    private void ParseField(ObjectSyntax into)
    {
        if (IncludeParser.StartsAt(_cursor))
        {
            var request = IncludeParser.Parse(_cursor, [.. _path]);
            var included = _include(request);
            if (included is not null) into.Include(included);
            else if (request.Required) throw request.At.Error($"Nothing to include by the required name \"{request.Name}\"");
            return;
        }

        var at = _cursor.Position;
        var key = PathParser.ParseKey(_cursor);
        _cursor.SkipLines();
        if (_cursor.StartsWith("+="))
        {
            _cursor.Advance(2);
            into.Assign(key, ParseAppended(key, at));
            return;
        }

        if (_cursor.Current is '=' or ':' && !_cursor.AtEnd) _cursor.Advance();
        else if (_cursor.Current != '{') throw _cursor.Unexpected($"after the key {string.Join('.', key)}, where '=', ':', '+=' or '{{' was expected");
        into.Assign(key, Within(key, ParseValue));
    }

    /// <summary><c>a += x</c> is <c>a = ${?a} [x]</c>.</summary>
    private ConcatSyntax ParseAppended(string[] key, Position at)
    {
        if (_arrays > 0) throw at.Error("'+=' has no meaning in an object that is an element of an array; found");
        var before = new SubstitutionSyntax(at, [.. _path, .. key], required: false, scope: []);
        var item = Within(key, ParseValue);
        return new ConcatSyntax(at, [before, new ArraySyntax(item.At, [item])]);
    }

    private Syntax Within(string[] key, Func<Syntax> parse)
    {
        _path.AddRange(key);
        var value = parse();
        _path.RemoveRange(_path.Count - key.Length, key.Length);
        return value;
    }

    private ArraySyntax ParseArray()
    {
        var opened = _cursor.Position;
        _cursor.Advance();
        _arrays++;
        var items = new List<Syntax>();
        var separated = true;
        for (; ; )
        {
            separated |= _cursor.SkipLines();
            if (_cursor.AtEnd) throw opened.Error("The '[' is never closed; it was opened");
            if (_cursor.Current == ']') break;
            if (!separated) throw _cursor.Unexpected("where a comma, a line end or ']' was expected");
            items.Add(ParseValue());
            separated = TakeComma();
        }

        _cursor.Advance();
        _arrays--;
        return new ArraySyntax(opened, items);
    }

    private Syntax ParseValue()
    {
        _cursor.SkipLines();
        var at = _cursor.Position;
        if (++_depth > MaximumDepth) throw at.Error($"Values nest more than {MaximumDepth} deep");
        var parts = new List<Syntax>();
        for (; ; )
        {
            var spaceAt = _cursor.Position;
            var space = _cursor.TakeInlineWhitespace();
            if (EndsValue()) break;
            if (space.Length > 0 && parts.Count > 0) parts.Add(new TextSyntax(spaceAt, space, TextKind.Whitespace));
            parts.Add(ParsePart());
        }

        _depth--;
        return parts.Count switch
        {
            0 => throw _cursor.Unexpected("where a value was expected"),
            1 => parts[0],
            _ => new ConcatSyntax(at, parts),
        };
    }

    private bool EndsValue() => _cursor.AtEnd || _cursor.Current is '\n' or ',' or '}' or ']' || _cursor.StartsComment;

    private Syntax ParsePart()
    {
        var at = _cursor.Position;
        switch (_cursor.Current)
        {
            case '{':
                return ParseObject();
            case '[':
                return ParseArray();
            case '"':
                return new TextSyntax(at, QuotedText.Parse(_cursor), TextKind.Quoted);
            case '$' when _cursor.Peek(1) == '{':
                return ParseSubstitution(at);
        }

        var text = new StringBuilder();
        while (!_cursor.AtEnd && !_cursor.StartsComment && (_cursor.Current == '.' || HoconText.IsUnquoted(_cursor.Current))) text.Append(_cursor.Take());
        return text.Length > 0 ? new TextSyntax(at, text.ToString(), TextKind.Unquoted) : throw _cursor.Unexpected("in a value; text that contains it must be quoted");
    }

    private SubstitutionSyntax ParseSubstitution(Position at)
    {
        _cursor.Advance(2);
        var required = _cursor.Current != '?';
        if (!required) _cursor.Advance();
        _cursor.TakeInlineWhitespace();
        var path = PathParser.ParseKey(_cursor);
        _cursor.TakeInlineWhitespace();
        if (_cursor.AtEnd || _cursor.Current != '}') throw at.Error("The '${' is never closed; it was opened");
        _cursor.Advance();
        return new SubstitutionSyntax(at, path, required, _scope);
    }
}
