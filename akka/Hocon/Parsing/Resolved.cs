namespace Hocon.Parsing;

/// <summary>A value whose substitutions are resolved and whose duplicate keys are merged.</summary>
internal abstract class Resolved
{
    public abstract string Kind { get; }
}

internal sealed class ResolvedObject : Resolved
{
    public OrderedDictionary<string, Resolved> Fields { get; } = [];
    public override string Kind => "an object";

    public static ResolvedObject Merge(ResolvedObject under, ResolvedObject over)
    {
        var merged = new ResolvedObject();
        foreach (var (key, value) in under.Fields) merged.Fields[key] = value;
        foreach (var (key, value) in over.Fields)
            merged.Fields[key] = value is ResolvedObject o && under.Fields.TryGetValue(key, out var old) && old is ResolvedObject u ? Merge(u, o) : value;
        return merged;
    }
}

internal sealed class ResolvedArray(IReadOnlyList<Resolved> items) : Resolved
{
    public IReadOnlyList<Resolved> Items { get; } = items;
    public override string Kind => "an array";
}

/// <param name="text">Null for an unquoted <c>null</c>.</param>
/// <param name="quoted">Whether quotes keep it from being read as a number or a boolean.</param>
internal sealed class ResolvedText(string? text, bool quoted) : Resolved
{
    public string? Text { get; } = text;
    public bool Quoted { get; } = quoted;
    public override string Kind => "text";
}
