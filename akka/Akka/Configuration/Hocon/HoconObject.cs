using System.Text;
using Hocon;

namespace Akka.Configuration.Hocon;

/// <summary>Values by key, in the order in which the keys first appeared.</summary>
public class HoconObject : IHoconElement
{
    public Dictionary<string, HoconValue> Items { get; } = [];

    /// <summary>Plain values: nested dictionaries, lists and strings.</summary>
    public IDictionary<string, object?> Unwrapped => Items.ToDictionary(i => i.Key, i => Unwrap(i.Value));

    public bool IsString() => false;

    public string GetString() => throw new InvalidOperationException("An object is no text.");

    public bool IsArray() => false;

    public IList<HoconValue> GetArray() => throw new InvalidOperationException("An object is no array.");

    /// <returns>Null if there is no such key.</returns>
    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key)!;

    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value)) Items.Add(key, value = new HoconValue());
        return value;
    }

    /// <summary>Adds what this lacks from the other; what this has stays, objects merge key by key.</summary>
    public void Merge(HoconObject other)
    {
        foreach (var (key, value) in other.Items)
        {
            if (!Items.TryGetValue(key, out var own))
                Items.Add(key, value);
            else if (own.GetObject() is { } over && value.GetObject() is { } under)
                Items[key] = new HoconValue([over.MergedOver(under)]);
        }
    }

    public override string ToString() => ToString(0);

    public string ToString(int indent)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Items)
            text.Append(' ', indent * 2).Append(HoconText.WriteKey(key)).Append(" : ").Append(value.ToString(indent)).Append('\n');
        return text.ToString();
    }

    private HoconObject MergedOver(HoconObject under)
    {
        var merged = new HoconObject();
        foreach (var (key, value) in Items) merged.Items.Add(key, value);
        merged.Merge(under);
        return merged;
    }

    private static object? Unwrap(HoconValue value)
    {
        if (value.GetObject() is { } o) return o.Unwrapped;
        return value.IsArray() ? value.GetArray().Select(Unwrap).ToList() : value.GetString();
    }
}
