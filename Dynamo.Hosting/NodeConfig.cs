using Akka.Configuration;
using Dynamo.Actors.Settings;
using Dynamo.Hosting.Hocon;
using Dynamo.Protocol;

namespace Dynamo.Hosting;

/// <summary>A node's configuration: its HOCON over the reference, as typed settings and as the configuration of its actor system.</summary>
public sealed record NodeConfig(DynamoSettings Settings, Config Akka)
{
    internal const string HostKey = "akka.remote.dot-netty.tcp.hostname";
    internal const string PortKey = "akka.remote.dot-netty.tcp.port";

    /// <summary>The node's address for clients, as host:port. Not usable with port 0, where the system chooses the port.</summary>
    public string Contact => $"{Akka.GetString(HostKey, "")}:{Akka.GetString(PortKey, "")}";

    /// <summary>Reads a file and its includes.</summary>
    /// <exception cref="BadConfigException">The file is missing, is not HOCON, or has an invalid setting.</exception>
    public static NodeConfig Load(string path) => Of(HoconReader.ReadFile(path), path);

    /// <summary>Reads a text; its includes are relative to the current folder.</summary>
    /// <param name="name">Name of the text in errors.</param>
    /// <exception cref="BadConfigException">The text is not HOCON, or has an invalid setting.</exception>
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
