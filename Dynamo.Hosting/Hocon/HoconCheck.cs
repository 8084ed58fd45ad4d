namespace Dynamo.Hosting.Hocon;

/// <summary>An include or reference in a text, and its position.</summary>
internal readonly record struct HoconMention(string Name, int Position);

/// <summary>
/// Checks a text before Akka.NET's parser reads it, and rejects what that parser would silently misread: unclosed or extra brackets, keys without a
/// value. Yields only the positions of includes, references and empty lists.
/// </summary>
internal sealed class HoconCheck
{
    private const int MaxDepth = 100;
    private readonly HoconTokens _at;
    private readonly List<HoconMention> _includes = [];
    private readonly List<HoconMention> _references = [];
    private readonly List<Range> _emptyLists = [];
    private int _depth;

    private HoconCheck(string text) => _at = new HoconTokens(text);

    /// <summary>Includes, in the order of the text.</summary>
    public IReadOnlyList<HoconMention> Includes => _includes;

    public IReadOnlyList<HoconMention> References => _references;

    /// <summary>Blanks between '[' and ']', which the parser reads as one element.</summary>
    public IReadOnlyList<Range> EmptyLists => _emptyLists;

    /// <exception cref="HoconSyntaxException">The text is not HOCON, or the parser would misread it.</exception>
    public static HoconCheck Of(string text)
    {
        var check = new HoconCheck(text);
        check.Document();
        return check;
    }

    private void Document()
    {
        _at.SkipBlanks();
        if (_at.Next == '{') Braces();
        else Members(open: null);
        _at.SkipBlanks();
        if (!_at.IsAtEnd) throw Refused(_at.Next == '}' ? "this '}' closes nothing" : "nothing may follow the last '}'");
    }

    private void Braces()
    {
        var open = _at.Position;
        Deepen();
        _at.Take();
        Members(open);
        _at.Take();
        _depth--;
    }

    private void Members(int? open)
    {
        while (true)
        {
            _at.SkipBlanks();
            if (_at.IsAtEnd && open is { } start) throw new HoconSyntaxException("the '{' that is opened here is never closed", start);
            if (_at.IsAtEnd || _at.Next == '}') return;
            if (_at.Next == ',') throw Refused("nothing comes before this ','");
            if (IsInclude()) Include();
            else Member();
        }
    }

    private bool IsInclude()
    {
        if (!_at.IsNext("include")) return false;
        var probe = _at.Position;
        _at.Take("include".Length);
        var isInclude = !_at.IsAtEnd && (char.IsWhiteSpace(_at.Next) || _at.Next == '"');
        if (isInclude)
        {
            _at.SkipWithinLine();
            isInclude = _at.Next == '"' || _at.IsNext("file(") || _at.IsNext("url(") || _at.IsNext("classpath(") || _at.IsNext("required(");
        }
        _at.Take(probe - _at.Position);
        return isInclude;
    }

    private void Include()
    {
        var start = _at.Position;
        _at.Take("include".Length);
        if (_at.Next == '"') throw Refused("a blank is missing between include and the file's name");
        _at.SkipWithinLine();
        var name = _at.Position;
        if (_at.Next != '"' || _at.IsNext("\"\"\"")) throw Refused("an include is written: include \"file\"");
        _at.SkipQuoted();
        _includes.Add(new HoconMention(_at.Since(name)[1..^1], start));
        _at.SkipWithinLine();
        if (_at.Next == ',') throw Refused("no ',' is read after an include: begin a new line instead");
    }

    private void Member()
    {
        var start = _at.Position;
        Key();
        while (true)
        {
            var end = _at.Position;
            var name = _at.Since(start).TrimEnd();
            _at.SkipBlanks();
            if (name.Contains('\n', StringComparison.Ordinal)) throw NoValue(name[..name.IndexOf('\n', StringComparison.Ordinal)].TrimEnd(), start);
            switch (_at.Next)
            {
                case '.':
                    _at.Take();
                    Key();
                    continue;
                case '{':
                    Braces();
                    _at.SkipWithinLine();
                    if (_at.Next == ',') throw Refused($"no ',' is read after '{name} {{ … }}': begin a new line instead, or write '{name} = {{ … }},'");
                    return;
                case '=' when name.EndsWith('+'):
                    throw new HoconSyntaxException("'+=' is not read: write the whole list", end - 1);
                case '=' or ':':
                    _at.Take();
                    Value(name, _at.Position - 1);
                    EndOfValue(isList: false);
                    return;
                default:
                    throw NoValue(name, start);
            }
        }
    }

    private void Key()
    {
        if (_at.Next == '"' && !_at.IsNext("\"\"\"")) _at.SkipQuoted();
        else if (_at.IsText && _at.Next != '.')
            while (_at.IsKey) _at.Take();
        else throw Refused($"a key is wanted, which {Shown()} cannot begin");
    }

    private void Value(string name, int sign)
    {
        var isNextLine = _at.SkipBlanks();
        if (_at.IsAtEnd || _at.Next is ',' or '}' || (isNextLine && _at.IsText)) throw new HoconSyntaxException($"'{name}' has no value on its line", sign);
        Parts();
    }

    // Adjacent words on a line form one value.
    private void Parts()
    {
        var first = '\0';
        while (true)
        {
            var kind = _at.Next is '{' or '[' or '$' ? _at.Next : 't';
            if (first != '\0' && kind != first && (kind is '{' || first is '{' || (kind is 't' && first is '[') || (kind is '[' && first is 't')))
                throw Refused("a value is text, or lists, or objects: what is of another kind begins on a new line");
            if (first is '\0' || kind is not '$') first = kind;
            switch (kind)
            {
                case '{': Braces(); break;
                case '[': List(); break;
                case '$': Reference(); break;
                default:
                    if (_at.Next == '"') _at.SkipQuoted();
                    else if (_at.IsText) _at.SkipText();
                    else throw Refused($"a value is wanted, which {Shown()} cannot begin: text with such a character is put in quotes");
                    break;
            }
            while (_at.Next is ' ' or '\t') _at.Take();
            if (!_at.IsText && _at.Next is not ('{' or '[' or '$' or '"')) return;
        }
    }

    private void List()
    {
        var open = _at.Position;
        Deepen();
        _at.Take();
        var inside = _at.Position;
        _at.SkipBlanks();
        if (_at.Next == ']' && _at.Position > inside) _emptyLists.Add(inside.._at.Position);
        while (_at.Next != ']')
        {
            if (_at.IsAtEnd || _at.Next == '}') throw new HoconSyntaxException("the '[' that is opened here is never closed", open);
            if (_at.Next == ',') throw Refused("nothing comes before this ','");
            Parts();
            EndOfValue(isList: true);
            _at.SkipBlanks();
        }
        _at.Take();
        _depth--;
    }

    private void EndOfValue(bool isList)
    {
        _at.SkipWithinLine();
        if (_at.Next == ',') _at.Take();
        else if (_at.IsAtEnd || _at.Next == '\n' || _at.Next == '}' || (isList && _at.Next == ']')) return;
        else if (_at.Next is '=' or ':') throw Refused($"a value with '{_at.Next}' is put in quotes, and another key begins on a new line");
        else throw Refused($"{Shown()} cannot stand in a value: it is put in quotes");
    }

    private void Reference()
    {
        var start = _at.Position;
        if (_at.IsNext("${?")) throw Refused("'${?…}' is not read: name what is set, as '${…}'");
        if (!_at.IsNext("${")) throw Refused("'$' cannot stand in a value: it is put in quotes");
        _at.Take(2);
        _at.SkipText();
        var name = _at.Since(start)[2..];
        if (_at.Next != '}' || name.Length == 0) throw new HoconSyntaxException("a reference is written ${path}, without blanks and quotes", start);
        _at.Take();
        _references.Add(new HoconMention(name, start));
    }

    private void Deepen()
    {
        if (++_depth > MaxDepth) throw Refused($"nested more than {MaxDepth} deep");
    }

    private static HoconSyntaxException NoValue(string key, int position) => new($"'{key}' has no value: '= …' or '{{ … }}' is wanted", position);

    private string Shown() => _at.IsAtEnd ? "the end of the text" : char.IsWhiteSpace(_at.Next) ? "a blank" : $"'{_at.Next}'";

    private HoconSyntaxException Refused(string message) => new(message, _at.Position);
}
