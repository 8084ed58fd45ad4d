using Hocon;
using Hocon.Parsing;

namespace Akka.Configuration.Hocon;

public class Parser
{
    /// <summary>Parses a document and resolves its substitutions, from the environment too.</summary>
    /// <param name="text">The document; blank is an empty one.</param>
    /// <param name="includeCallback">Gives the documents of includes by name; without it there is nothing to include.</param>
    /// <exception cref="ConfigurationException">The text is no HOCON, or refers to what is not there. It names the place.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot?>? includeCallback)
    {
        try
        {
            return new HoconRoot(HoconValue.From(HoconDocument.Parse(text, null, Include)));
        }
        catch (HoconParserException e)
        {
            throw new ConfigurationException(e.Message, e);
        }

        ObjectSyntax? Include(IncludeRequest request) => includeCallback?.Invoke(request.Name) is { } included
            ? included.Value.ToSyntax(request.At) as ObjectSyntax ?? throw request.At.Error($"Only an object can be included, \"{request.Name}\" is none;")
            : null;
    }
}
