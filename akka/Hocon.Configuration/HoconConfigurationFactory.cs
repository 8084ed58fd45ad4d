using System.Reflection;

namespace Hocon;

public static class HoconConfigurationFactory
{
    public static Config Empty => Config.Empty;

    /// <exception cref="HoconParserException">The text is no HOCON, or refers to what is not there.</exception>
    public static Config ParseString(string hocon) => new(HoconParser.Parse(hocon));

    public static Config ParseString(string hocon, HoconIncludeCallbackAsync includeCallback) => new(HoconParser.Parse(hocon, includeCallback));

    /// <summary>Errors name the file. It has nothing to include from: give a callback to <see cref="ParseString(string,HoconIncludeCallbackAsync)"/> for that.</summary>
    public static Config FromFile(string filePath) => new(HoconParser.Parse(File.ReadAllText(filePath), filePath, null));

    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    public static Config FromResource(string resourceName, object instanceInAssembly) =>
        FromResource(resourceName, instanceInAssembly as Assembly ?? (instanceInAssembly as Type ?? instanceInAssembly.GetType()).Assembly);

    /// <exception cref="ConfigurationException">The assembly has no such resource.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"{assembly.GetName().Name} has no resource '{resourceName}'.");
        using var reader = new StreamReader(stream);
        return new Config(HoconParser.Parse(reader.ReadToEnd(), resourceName, null));
    }
}
