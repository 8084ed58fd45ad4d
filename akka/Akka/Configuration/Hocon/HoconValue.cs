using Hocon.Parsing;

namespace Akka.Configuration.Hocon;

/// <summary>A value: an object, an array or a literal.</summary>
public partial class HoconValue : IMightBeAHoconObject
{
    public HoconValue()
        : this([])
    {
    }

    public HoconValue(List<IHoconElement> values, bool adoptedFromFallback = true)
    {
        Values = values;
        AdoptedFromFallback = adoptedFromFallback;
    }

    public List<IHoconElement> Values { get; }

    public bool IsEmpty => Values.Count == 0 || (Values[0] is HoconObject o && o.Items.Count == 0);

    internal bool AdoptedFromFallback { get; }

    public bool IsObject() => GetObject() is not null;

    /// <returns>Null if the value is no object.</returns>
    public HoconObject GetObject() => (Values.Count == 0 ? null : Values[0] switch
    {
        HoconObject o => o,
        IMightBeAHoconObject might when might.IsObject() => might.GetObject(),
        _ => null,
    })!;

    /// <returns>Null if there is no such key.</returns>
    public HoconValue GetChildObject(string key) => GetObject()?.GetKey(key)!;

    public bool IsString() => Values.Count > 0 && Values.All(v => v.IsString());

    /// <returns>Null for a null, and for what is no text.</returns>
    public string GetString() => (!IsString() ? null : Values.Count == 1 ? Values[0].GetString() : string.Concat(Values.Select(v => v.GetString())).Trim())!;

    public bool IsArray() => GetArray().Count != 0;

    /// <returns>An empty list if the value is no array.</returns>
    public IList<HoconValue> GetArray() => [.. Values.Where(v => v.IsArray()).SelectMany(v => v.GetArray())];

    public void AppendValue(IHoconElement value)
    {
        if (value is HoconObject && Values.Count > 0 && Values[0] is not HoconObject) Values.Clear();
        Values.Add(value);
    }

    public void NewValue(IHoconElement value)
    {
        Values.Clear();
        Values.Add(value);
    }

    public void Clear() => Values.Clear();

    public Config ToConfig() => new(new HoconRoot(this));

    /// <summary>A configuration with this value as its one field.</summary>
    public Config AtKey(string key)
    {
        var o = new HoconObject();
        o.Items.Add(key, this);
        return new HoconValue([o]).ToConfig();
    }

    public override string ToString() => ToString(0);

    public virtual string ToString(int indent)
    {
        if (GetObject() is { } o) return o.Items.Count == 0 ? "{}" : $"{{\n{o.ToString(indent + 1)}{new string(' ', indent * 2)}}}";
        return Values.Count switch
        {
            0 => "{}",
            1 => Values[0].ToString()!,
            _ => new HoconLiteral { Value = GetString() }.ToString(),
        };
    }

    internal static HoconValue From(Resolved resolved) => resolved switch
    {
        ResolvedObject o => new HoconValue([From(o)]),
        ResolvedArray a => new HoconValue([FromItems(a)]),
        ResolvedText t => new HoconValue([new HoconLiteral { Value = t.Text, Quoted = t.Quoted }]),
        _ => throw new InvalidOperationException(resolved.Kind),
    };

    /// <summary>As it would have been written at the given place.</summary>
    internal Syntax ToSyntax(Position at)
    {
        if (GetObject() is { } o)
        {
            var written = new ObjectSyntax(at);
            foreach (var (key, value) in o.Items) written.Assign([key], value.ToSyntax(at));
            return written;
        }

        if (Values is [HoconArray array]) return new ArraySyntax(at, [.. array.Select(v => v.ToSyntax(at))]);
        var quoted = Values is not [HoconLiteral { Quoted: false }];
        return new TextSyntax(at, GetString() ?? "null", quoted ? TextKind.Quoted : TextKind.Unquoted);
    }

    private static HoconObject From(ResolvedObject resolved)
    {
        var o = new HoconObject();
        foreach (var (key, value) in resolved.Fields) o.Items.Add(key, From(value));
        return o;
    }

    private static HoconArray FromItems(ResolvedArray resolved)
    {
        var array = new HoconArray();
        array.AddRange(resolved.Items.Select(From));
        return array;
    }
}
