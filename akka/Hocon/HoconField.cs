namespace Hocon;

public sealed class HoconField : IHoconElement
{
    private readonly HoconObject _parent;

    public HoconField(string key, HoconObject parent)
    {
        Key = key;
        _parent = parent;
        Value = new HoconValue(this);
    }

    public string Key { get; }

    public HoconValue Value { get; }

    public IHoconElement Parent => _parent;

    public HoconType Type => Value.Type;

    public string Raw => Value.Raw;

    /// <summary>The keys from the document's root to this field; an array on the way has none.</summary>
    public HoconPath Path
    {
        get
        {
            var keys = new List<string>();
            for (IHoconElement? element = this; element is not null; element = element.Parent)
                if (element is HoconField named)
                    keys.Insert(0, named.Key);
            return new HoconPath(keys);
        }
    }

    public HoconObject GetObject() => Value.GetObject();

    public string GetString() => Value.GetString();

    public IList<HoconValue> GetArray() => Value.GetArray();

    public override string ToString() => ToString(0, 2);

    public string ToString(int indent, int indentSize) => Value.ToString(indent, indentSize);
}
