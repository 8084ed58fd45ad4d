using Akka.Configuration;
using Dynamo.Actors.Settings;
using Dynamo.Protocol;
using Hocon;
using AkkaConfig = Akka.Configuration.Config;
using AkkaFactory = Akka.Configuration.ConfigurationFactory;

namespace Dynamo.Host;

/// <summary>A configuration file that cannot be used; the message names the file.</summary>
internal sealed class BadConfigException(string message) : Exception(message);

/// <summary>A node's configuration: its file over the reference, as typed settings and as what its actor system is made with.</summary>
internal sealed record NodeConfig(DynamoSettings Settings, AkkaConfig Akka)
{
    /// <exception cref="BadConfigException">The file is missing, is not HOCON, or has a setting that cannot be.</exception>
    public static NodeConfig Load(FileInfo file)
    {
        try
        {
            var given = Parse(file);
            return new NodeConfig(DynamoSettings.From(given), given.WithFallback(DynamoSettings.Reference).WithFallback(WireConfig.Fallback));
        }
        catch (SettingsException e)
        {
            throw new BadConfigException($"{file}: {e.Message}");
        }
    }

    // Read by Hocon, whose errors carry line and column and whose includes are relative to the file; handed on to Akka.NET as text.
    private static AkkaConfig Parse(FileInfo file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadConfigException($"{file}: cannot be read: {(file.Exists ? e.Message : "there is no such file")}");
        }
        try
        {
            var root = HoconParser.Parse(text, (_, resource) => IncludeAsync(file, resource));
            return AkkaFactory.ParseString(root.PrettyPrint(2));
        }
        catch (Exception e) when (e is HoconParserException or HoconException or ConfigurationException or FormatException)
        {
            throw new BadConfigException($"{file}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static async Task<string> IncludeAsync(FileInfo from, string resource)
    {
        var path = Path.Combine(from.DirectoryName!, resource);
        return File.Exists(path) ? await File.ReadAllTextAsync(path) : throw new BadConfigException($"{from}: includes '{resource}', which is not there");
    }
}
