using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Hocon;

/// <summary>A document. Paths in it are keys joined by dots.</summary>
public partial class HoconRoot
{
    public HoconRoot()
        : this(HoconValue.From(new Parsing.ResolvedObject()))
    {
    }

    public HoconRoot(HoconValue value) => Value = value;

    public HoconValue Value { get; protected set; }

    public HoconValue GetNode(string path) => GetNode(HoconPath.Parse(path));

    /// <exception cref="KeyNotFoundException">There is nothing at the path.</exception>
    public HoconValue GetNode(HoconPath path) => TryGetNode(path, out var node) ? node : throw new KeyNotFoundException($"There is no value at '{path}'.");

    public bool TryGetNode(string path, [NotNullWhen(true)] out HoconValue? result)
    {
        result = null;
        return HoconPath.TryParse(path, out var parsed) && TryGetNode(parsed, out result);
    }

    public bool TryGetNode(HoconPath path, [NotNullWhen(true)] out HoconValue? result)
    {
        result = null;
        return Value.TryGetObject(out var o) && o.TryGetValue(path, out result);
    }

    public HoconValue GetValue(string path) => At(path, v => v);

    public bool TryGetValue(string path, [NotNullWhen(true)] out HoconValue? result) => TryGetNode(path, out result);

    public bool HasPath(string path) => TryGetNode(path, out _);

    public bool HasPath(HoconPath path) => TryGetNode(path, out _);

    /// <summary>The fields at the root.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconField>> AsEnumerable() => Value.TryGetObject(out var o) ? o : [];

    public override string ToString() => PrettyPrint(2);

    /// <summary>A text that parses to the same document.</summary>
    public string PrettyPrint(int indentSize)
    {
        if (!Value.TryGetObject(out var o)) return Value.ToString(0, indentSize);
        var text = new StringBuilder();
        o.AppendFields(text, 0, indentSize);
        return text.ToString();
    }
}
