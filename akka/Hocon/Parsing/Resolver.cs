namespace Hocon.Parsing;

/// <summary>Turns what was written into values: substitutions, environment variables, concatenation.</summary>
internal sealed class Resolver
{
    private const int MaximumDepth = 300;

    private readonly Slot? _root;
    private int _depth;

    private Resolver(Syntax document) => _root = document is ObjectSyntax ? new Slot(this, "", [new Entry(document)]) : null;

    /// <exception cref="HoconParserException">A required substitution is found neither in the document nor in the environment.</exception>
    public static Resolved Resolve(Syntax document)
    {
        var resolver = new Resolver(document);
        return (resolver._root is { } root ? root.Resolve() : resolver.Evaluate(document)) ?? new ResolvedObject();
    }

    /// <returns>The value, or null if an optional substitution leaves nothing.</returns>
    public Resolved? Evaluate(Syntax syntax)
    {
        if (++_depth > MaximumDepth) throw syntax.At.Error($"Values nest more than {MaximumDepth} deep, or substitutions go round in a circle");
        Resolved? value = syntax switch
        {
            TextSyntax text => Text(text.Text, text.Kind == TextKind.Quoted),
            ArraySyntax array => new ResolvedArray([.. array.Items.Select(Evaluate).OfType<Resolved>()]),
            ObjectSyntax o => new Slot(this, "", [new Entry(o)]).Resolve() ?? new ResolvedObject(),
            SubstitutionSyntax substitution => Substitute(substitution),
            ConcatSyntax concat => Concatenate(concat),
            _ => throw new InvalidOperationException(syntax.GetType().Name),
        };
        _depth--;
        return value;
    }

    private static ResolvedText Text(string text, bool quoted) => new(!quoted && text == "null" ? null : text, quoted);

    private Resolved? Substitute(SubstitutionSyntax substitution)
    {
        var found = (substitution.Scope.Length > 0 ? Find([.. substitution.Scope, .. substitution.Path]) : null) ?? Find(substitution.Path);
        if (found is not null) return found;

        var name = string.Join('.', substitution.Path);
        if (Environment.GetEnvironmentVariable(name) is { } variable) return new ResolvedText(variable, quoted: false);
        return substitution.Required ? throw substitution.At.Error($"Unresolved substitution ${{{name}}}") : null;
    }

    private Resolved? Find(string[] path)
    {
        if (_root is null) return null;
        var slot = _root;
        foreach (var key in path) slot = slot.Visible.Child(key);
        return slot.Visible.Resolve();
    }

    private Resolved? Concatenate(ConcatSyntax concat)
    {
        var parts = concat.Parts.Select(p => (Syntax: p, Value: Evaluate(p))).Where(p => p.Value is not null).ToList();
        var values = parts.Where(p => p.Syntax is not TextSyntax { Kind: TextKind.Whitespace }).Select(p => p.Value!).ToList();
        switch (values)
        {
            case []:
                return null;
            case [var only] when only is not ResolvedText:
                return only;
            case var _ when values.All(v => v is ResolvedObject):
                return values.Cast<ResolvedObject>().Aggregate(ResolvedObject.Merge);
            case var _ when values.All(v => v is ResolvedArray):
                return new ResolvedArray([.. values.Cast<ResolvedArray>().SelectMany(a => a.Items)]);
            case var _ when values.All(v => v is ResolvedText):
                var text = string.Concat(parts.Select(p => ((ResolvedText)p.Value!).Text ?? "null"));
                var quoted = concat.Parts.Any(p => p is TextSyntax { Kind: TextKind.Quoted });
                return Text(quoted ? text : text.Trim(), quoted);
            default:
                throw concat.At.Error($"{values[0].Kind} and {values.First(v => v.Kind != values[0].Kind).Kind} cannot be joined to one value; found");
        }
    }
}
