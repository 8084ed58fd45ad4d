using System.Diagnostics.CodeAnalysis;
using Hocon.Parsing;

namespace Hocon;

/// <summary>The keys from a document's root to a value.</summary>
public sealed class HoconPath : List<string>
{
    public HoconPath(IEnumerable<string> path)
        : base(path)
    {
    }

    public bool IsEmpty => Count == 0;

    /// <summary>The path as it is written: keys joined by dots, quoted where they must be.</summary>
    public string Value => string.Join('.', this.Select(HoconText.WriteKey));

    /// <summary>The last key.</summary>
    public string Key => this[^1];

    /// <exception cref="HoconParserException">The text is no path.</exception>
    public static HoconPath Parse(string path) => new(PathParser.Parse(path));

    public static bool TryParse(string path, [NotNullWhen(true)] out HoconPath? result)
    {
        result = null;
        try
        {
            result = Parse(path);
            return true;
        }
        catch (HoconParserException)
        {
            return false;
        }
    }

    public override string ToString() => Value;
}
