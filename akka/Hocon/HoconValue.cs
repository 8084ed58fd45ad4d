using System.Diagnostics.CodeAnalysis;
using Hocon.Parsing;

namespace Hocon;

/// <summary>A value: an object, an array or a literal.</summary>
public partial class HoconValue : List<IHoconElement>, IHoconElement
{
    public HoconValue(IHoconElement? parent) => Parent = parent!;

    public IHoconElement Parent { get; }

    public virtual HoconType Type => Single?.Type ?? HoconType.Empty;

    public virtual string Raw => ToString(0, 2);

    private IHoconElement? Single => Count == 0 ? null : this[^1];

    public virtual HoconObject GetObject() => Single is { } one ? one.GetObject() : throw new HoconException("There is no value, so no object.");

    public virtual IList<HoconValue> GetArray() => Single is { } one ? one.GetArray() : throw new HoconException("There is no value, so no array.");

    /// <returns>Null for a null.</returns>
    public virtual string GetString() => Count > 1 ? string.Concat(this.Select(e => e.GetString())) : Single?.GetString()!;

    public bool TryGetObject([NotNullWhen(true)] out HoconObject? result)
    {
        result = Type == HoconType.Object ? GetObject() : null;
        return result is not null;
    }

    public bool TryGetArray([NotNullWhen(true)] out List<HoconValue>? result)
    {
        result = null;
        if (Type == HoconType.Array) result = [.. GetArray()];
        else if (TryGetObject(out var numbered)) numbered.TryGetArray(out result);
        return result is not null;
    }

    /// <summary>A document with this value as its one field.</summary>
    public HoconRoot AtKey(string key)
    {
        var root = new HoconValue(null);
        var body = new HoconObject(root);
        var field = new HoconField(key, body);
        field.Value.Fill(Resolve());
        body.Add(key, field);
        root.Add(body);
        return new HoconRoot(root);
    }

    public override string ToString() => Raw;

    public virtual string ToString(int indent, int indentSize) => Count switch
    {
        0 => "",
        1 => this[0].ToString(indent, indentSize),
        _ => HoconText.WriteText(GetString(), quoted: true),
    };

    internal static HoconValue From(Resolved resolved, IHoconElement? parent = null)
    {
        var value = new HoconValue(parent);
        value.Fill(resolved);
        return value;
    }

    internal Resolved Resolve() => Type switch
    {
        HoconType.Object => Resolve(GetObject()),
        HoconType.Array => new ResolvedArray([.. GetArray().Select(v => v.Resolve())]),
        _ => new ResolvedText(GetString(), Single is HoconQuotedString),
    };

    private static ResolvedObject Resolve(HoconObject value)
    {
        var resolved = new ResolvedObject();
        foreach (var (key, field) in value) resolved.Fields[key] = field.Value.Resolve();
        return resolved;
    }

    private void Fill(Resolved resolved)
    {
        switch (resolved)
        {
            case ResolvedObject o:
                var body = new HoconObject(this);
                foreach (var (key, value) in o.Fields)
                {
                    var field = new HoconField(key, body);
                    field.Value.Fill(value);
                    body.Add(key, field);
                }

                Add(body);
                break;
            case ResolvedArray a:
                var array = new HoconArray(this);
                array.AddRange(a.Items.Select(i => From(i, array)));
                Add(array);
                break;
            case ResolvedText t:
                Add(HoconLiteral.Of(this, t.Text, t.Quoted));
                break;
        }
    }
}
