namespace Hocon.Parsing;

/// <summary>What a slot may hold: a value as written, or the field of another slot's entry that has yet to be resolved.</summary>
internal readonly record struct Entry(Syntax? Value, Slot? Parent = null, int Index = 0);

/// <summary>
/// One path of the document with all that was assigned to it, earliest first. It is resolved only when it is asked for,
/// so a substitution may refer to what is written later, and to its own path as it was before.
/// </summary>
internal sealed class Slot(Resolver resolver, string key, IReadOnlyList<Entry> entries)
{
    private readonly Dictionary<string, Slot> _children = [];
    private readonly Dictionary<int, Slot> _before = [];
    private int _evaluating = -1;
    private bool _resolving;
    private bool _resolved;
    private Resolved? _value;

    /// <summary>The slot as it is seen by a substitution: while an entry is evaluated, only what came before it.</summary>
    public Slot Visible
    {
        get
        {
            if (_evaluating < 0) return this;
            if (!_before.TryGetValue(_evaluating, out var before))
                _before.Add(_evaluating, before = new Slot(resolver, key, [.. entries.Take(_evaluating)]));
            return before;
        }
    }

    public Slot Child(string name)
    {
        if (_children.TryGetValue(name, out var child)) return child;
        var below = new List<Entry>();
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Value is ObjectSyntax o) below.AddRange(o.Assignments(name).Select(v => new Entry(v)));
            else below.Add(new Entry(null, this, i));
        }

        return _children[name] = new Slot(resolver, name, below);
    }

    /// <returns>The value, or null if there is none.</returns>
    public Resolved? Resolve()
    {
        if (_resolved) return _value;
        if (_resolving) throw new HoconParserException($"The value of '{key}' contains itself by a substitution.");
        _resolving = true;
        _value = Fold();
        _resolving = false;
        _resolved = true;
        return _value;
    }

    /// <summary>From the last assignment back: objects merge, and anything else hides what came before it.</summary>
    private Resolved? Fold()
    {
        var keys = new List<IEnumerable<string>>();
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (entries[i].Value is ObjectSyntax o)
            {
                keys.Add(o.Keys);
                continue;
            }

            if (!TryEvaluate(i, out var value)) break;
            if (value is ResolvedObject merged) keys.Add(merged.Fields.Keys);
            else if (value is not null && keys.Count == 0) return value;
            else if (value is not null) break;
        }

        if (keys.Count == 0) return null;
        keys.Reverse();
        var result = new ResolvedObject();
        foreach (var name in keys.SelectMany(k => k).Distinct())
            if (Child(name).Resolve() is { } value)
                result.Fields[name] = value;
        return result;
    }

    /// <returns>False if the entry hides all that came before it.</returns>
    private bool TryEvaluate(int index, out Resolved? value)
    {
        var entry = entries[index];
        if (entry.Parent is null)
        {
            value = Evaluate(index);
            return true;
        }

        value = null;
        if (entry.Parent._evaluating == entry.Index) return true;
        if (!entry.Parent.TryEvaluate(entry.Index, out var whole)) return false;
        if (whole is null) return true;
        if (whole is not ResolvedObject o) return false;
        value = o.Fields.GetValueOrDefault(key);
        return true;
    }

    private Resolved? Evaluate(int index)
    {
        var outer = _evaluating;
        _evaluating = index;
        var value = resolver.Evaluate(entries[index].Value!);
        _evaluating = outer;
        return value;
    }
}
