using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Hocon;

/// <summary>Fields by key. Fields enumerate in the order in which their keys first appeared.</summary>
public class HoconObject : Dictionary<string, HoconField>, IHoconElement
{
    public HoconObject(IHoconElement? parent) => Parent = parent!;

    public IHoconElement Parent { get; }

    public HoconType Type => HoconType.Object;

    public bool IsEmpty => Count == 0;

    public string Raw => ToString(0, 2);

    /// <summary>Plain values: nested dictionaries, lists and strings.</summary>
    public IDictionary<string, object?> Unwrapped => this.ToDictionary(f => f.Key, f => Unwrap(f.Value.Value));

    public HoconObject GetObject() => this;

    public string GetString() => throw new HoconException("An object is no text.");

    /// <summary>An object whose keys are numbers is an array in the order of those numbers.</summary>
    public IList<HoconValue> GetArray() => TryGetArray(out var array) ? array : throw new HoconException("An object is no array.");

    public bool TryGetArray([NotNullWhen(true)] out List<HoconValue>? result)
    {
        result = null;
        var numbered = new SortedDictionary<int, HoconValue>();
        foreach (var (key, field) in this)
            if (int.TryParse(key, out var number) && number >= 0)
                numbered[number] = field.Value;
        if (numbered.Count == 0) return false;
        result = [.. numbered.Values];
        return true;
    }

    public HoconField GetField(string key) => TryGetField(key, out var field) ? field : throw new KeyNotFoundException($"There is no key '{key}'.");

    public bool TryGetField(string key, [NotNullWhen(true)] out HoconField? result) => TryGetValue(key, out result);

    public HoconValue GetValue(HoconPath path) => TryGetValue(path, out var value) ? value : throw new KeyNotFoundException($"There is no value at '{path}'.");

    public bool TryGetValue(HoconPath path, [NotNullWhen(true)] out HoconValue? result)
    {
        result = null;
        var current = this;
        for (var i = 0; i < path.Count; i++)
        {
            if (!current.TryGetValue(path[i], out HoconField? field)) return false;
            result = field.Value;
            if (i < path.Count - 1 && !result.TryGetObject(out current)) return false;
        }

        return result is not null;
    }

    public override string ToString() => Raw;

    public string ToString(int indent, int indentSize)
    {
        if (Count == 0) return "{}";
        var text = new StringBuilder("{\n");
        AppendFields(text, indent + 1, indentSize);
        return text.Append(' ', indent * indentSize).Append('}').ToString();
    }

    internal void AppendFields(StringBuilder text, int indent, int indentSize)
    {
        foreach (var (key, field) in this)
        {
            text.Append(' ', indent * indentSize).Append(HoconText.WriteKey(key)).Append(field.Value.Type == HoconType.Object ? " " : " : ")
                .Append(field.Value.ToString(indent, indentSize)).Append('\n');
        }
    }

    private static object? Unwrap(HoconValue value) => value.Type switch
    {
        HoconType.Object => value.GetObject().Unwrapped,
        HoconType.Array => value.GetArray().Select(Unwrap).ToList(),
        _ => value.GetString(),
    };
}
