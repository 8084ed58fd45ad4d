using Hocon.Parsing;

namespace Hocon;

public sealed class HoconParser
{
    /// <summary>Parses a document and resolves its substitutions, from the environment too.</summary>
    /// <param name="text">The document.</param>
    /// <param name="includeCallback">Gives the texts of includes; without it there is nothing to include.</param>
    /// <exception cref="HoconParserException">The text is no HOCON, or refers to what is not there.</exception>
    public static HoconRoot Parse(string text, HoconIncludeCallbackAsync? includeCallback = null)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new HoconParserException("The text is empty; an empty document is \"{}\".");
        return Parse(text, null, includeCallback);
    }

    internal static HoconRoot Parse(string text, string? source, HoconIncludeCallbackAsync? includeCallback) =>
        new(HoconValue.From(HoconDocument.Parse(text, source, HoconDocument.FromText(includeCallback))));
}
