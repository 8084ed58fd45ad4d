namespace Hocon.Parsing;

/// <summary>Text in, resolved value out: what both the Hocon and the Akka.Configuration object models are made from.</summary>
internal static class HoconDocument
{
    private const int MaximumIncludeDepth = 50;

    public static Resolved Parse(string text, string? source, IncludeLoader include) =>
        Resolver.Resolve(DocumentParser.Parse(text, source, include));

    /// <summary>Includes the text that a callback returns; null or blank text is nothing.</summary>
    public static IncludeLoader FromText(HoconIncludeCallbackAsync? callback, int depth = 0) => request =>
    {
        if (callback is null) return null;
        if (depth >= MaximumIncludeDepth) throw request.At.Error($"Includes nest more than {MaximumIncludeDepth} deep, probably in a circle, with \"{request.Name}\"");
        var text = callback(request.Kind, request.Name).GetAwaiter().GetResult();
        if (string.IsNullOrWhiteSpace(text)) return null;
        return DocumentParser.Parse(text, request.Name, FromText(callback, depth + 1), request.Scope) as ObjectSyntax
            ?? throw request.At.Error($"Only an object can be included, \"{request.Name}\" is an array;");
    };
}
