namespace Hocon.Parsing;

internal enum TextKind
{
    Unquoted,
    Quoted,
    Whitespace,
}

/// <summary>What was written, before substitutions are resolved and duplicate keys merged.</summary>
internal abstract class Syntax(Position at)
{
    public Position At { get; } = at;

    /// <summary>False if this is the same value whatever else the document says.</summary>
    public abstract bool HasSubstitution { get; }
}

internal sealed class TextSyntax(Position at, string text, TextKind kind) : Syntax(at)
{
    public string Text { get; } = text;
    public TextKind Kind { get; } = kind;
    public override bool HasSubstitution => false;
}

/// <param name="at">Where it was written.</param>
/// <param name="path">The path as written.</param>
/// <param name="required">False for <c>${?path}</c>.</param>
/// <param name="scope">Where the document that contains it was included: looked up there first, then from the root.</param>
internal sealed class SubstitutionSyntax(Position at, string[] path, bool required, string[] scope) : Syntax(at)
{
    public string[] Path { get; } = path;
    public bool Required { get; } = required;
    public string[] Scope { get; } = scope;
    public override bool HasSubstitution => true;
}

internal sealed class ArraySyntax(Position at, IReadOnlyList<Syntax> items) : Syntax(at)
{
    public IReadOnlyList<Syntax> Items { get; } = items;
    public override bool HasSubstitution { get; } = items.Any(i => i.HasSubstitution);
}

internal sealed class ConcatSyntax(Position at, IReadOnlyList<Syntax> parts) : Syntax(at)
{
    public IReadOnlyList<Syntax> Parts { get; } = parts;
    public override bool HasSubstitution { get; } = parts.Any(p => p.HasSubstitution);
}

/// <summary>An object's assignments by key, each key's in the order written.</summary>
internal sealed class ObjectSyntax(Position at) : Syntax(at)
{
    private readonly OrderedDictionary<string, List<Syntax>> _fields = [];

    public IEnumerable<string> Keys => _fields.Keys;

    public override bool HasSubstitution => _fields.Values.Any(f => f.Any(v => v.HasSubstitution));

    public IReadOnlyList<Syntax> Assignments(string key) => _fields.TryGetValue(key, out var values) ? values : [];

    public void Assign(ReadOnlySpan<string> path, Syntax value)
    {
        if (path.Length > 1)
        {
            var inner = new ObjectSyntax(value.At);
            inner.Assign(path[1..], value);
            value = inner;
        }

        if (!_fields.TryGetValue(path[0], out var values)) _fields.Add(path[0], values = []);

        // An object beside a substitution merges with it exactly as a repeated key would: as two assignments,
        // the object's own fields can be looked up while the substitution is still being resolved.
        if (value is ConcatSyntax { HasSubstitution: true } concat && concat.Parts.Any(p => p is ObjectSyntax))
            values.AddRange(concat.Parts.Where(p => p is not TextSyntax { Kind: TextKind.Whitespace }));
        else
            values.Add(value);
    }

    public void Include(ObjectSyntax other)
    {
        foreach (var key in other.Keys)
            foreach (var value in other.Assignments(key))
                Assign([key], value);
    }
}
