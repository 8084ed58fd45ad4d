using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

public class ConfigurationFactory
{
    private const string Reference = "Akka.Configuration.reference.conf";

    private ConfigurationFactory()
    {
    }

    public static Config Empty => ParseString("");

    /// <exception cref="ConfigurationException">The text is no HOCON, or refers to what is not there. It names the place.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <param name="hocon">The document; blank is an empty one.</param>
    /// <param name="includeCallback">Gives the documents of includes by name; without it there is nothing to include.</param>
    public static Config ParseString(string hocon, Func<string, HoconRoot?>? includeCallback) => new(Parser.Parse(hocon, includeCallback));

    /// <summary>The settings an application brings by convention: this runtime has no such place, and returns none.</summary>
    public static Config Load() => Empty;

    /// <summary>The runtime's own defaults.</summary>
    public static Config Default() => FromResource(Reference, typeof(ConfigurationFactory).Assembly);

    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    public static Config FromResource(string resourceName, object instanceInAssembly) =>
        FromResource(resourceName, instanceInAssembly as Assembly ?? (instanceInAssembly as Type ?? instanceInAssembly.GetType()).Assembly);

    /// <exception cref="ConfigurationException">The assembly has no such resource, or it is no HOCON.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"{assembly.GetName().Name} has no resource '{resourceName}'.");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}
