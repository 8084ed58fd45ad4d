using Akka.Configuration;
using Dynamo.Actors.Settings;
using Dynamo.Hosting.Hocon;
using Dynamo.Protocol;

namespace Dynamo.Hosting;

/// <summary>A node's configuration: its HOCON over the reference, as typed settings and as what its actor system is made with.</summary>
public sealed record NodeConfig(DynamoSettings Settings, Config Akka)
{
    internal const string HostKey = "akka.remote.dot-netty.tcp.hostname";
    internal const string PortKey = "akka.remote.dot-netty.tcp.port";

    /// <summary>Where clients reach the node, as host:port; only with a port that is not left to the system.</summary>
    public string Contact => $"{Akka.GetString(HostKey, "")}:{Akka.GetString(PortKey, "")}";

    /// <summary>Reads a file and what it includes.</summary>
    /// <exception cref="BadConfigException">The file is missing, is not HOCON, or has a setting that cannot be.</exception>
    public static NodeConfig Load(string path) => Of(HoconReader.ReadFile(path), path);

    /// <summary>Reads a text; what it includes is relative to the current folder.</summary>
    /// <param name="name">What errors call the text.</param>
    /// <exception cref="BadConfigException">The text is not HOCON, or has a setting that cannot be.</exception>
    public static NodeConfig Parse(string hocon, string name = "configuration") => Of(HoconReader.ReadText(hocon, name, folder: ""), name);

    private static NodeConfig Of(Config given, string name)
    {
        try
        {
            var settings = DynamoSettings.From(given);
            var akka = given.WithFallback(DynamoSettings.Reference).WithFallback(WireConfig.Fallback);
            var port = akka.GetString(PortKey, "");
            if (!ushort.TryParse(port, out _)) throw new SettingsException($"{PortKey} = '{port}': a whole number from 0 to {ushort.MaxValue} is wanted");
            return new NodeConfig(settings, akka);
        }
        catch (SettingsException e)
        {
            throw new BadConfigException($"{name}: {e.Message}");
        }
    }
}
