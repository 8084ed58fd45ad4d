using Akka.Configuration;
using Akka.Configuration.Hocon;
using Dynamo.Actors.Settings;
using Dynamo.Protocol;

namespace Dynamo.Host;

/// <summary>A configuration file that cannot be used; the message names the file.</summary>
internal sealed class BadConfigException(string message) : Exception(message);

/// <summary>A node's configuration: its file over the reference, as typed settings and as what its actor system is made with.</summary>
internal sealed record NodeConfig(DynamoSettings Settings, Config Akka)
{
    /// <exception cref="BadConfigException">The file is missing, is not HOCON, or has a setting that cannot be.</exception>
    public static NodeConfig Load(FileInfo file)
    {
        try
        {
            var given = new Config(Parser.Parse(File.ReadAllText(file.FullName), null));
            return new NodeConfig(DynamoSettings.From(given), given.WithFallback(DynamoSettings.Reference).WithFallback(WireConfig.Fallback));
        }
        catch (SettingsException e)
        {
            throw new BadConfigException($"{file}: {e.Message}");
        }
    }
}
