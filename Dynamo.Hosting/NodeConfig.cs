using Akka.Configuration;
using Dynamo.Actors.Settings;
using Dynamo.Core.Membership;
using Dynamo.Hosting.Hocon;
using Dynamo.Protocol;

namespace Dynamo.Hosting;

/// <summary>A node's configuration: its HOCON over the reference, as typed settings and as the configuration of its actor system.</summary>
public sealed record NodeConfig(DynamoSettings Settings, Config Akka)
{
    internal const string HostKey = "akka.remote.dot-netty.tcp.hostname";
    internal const string PortKey = "akka.remote.dot-netty.tcp.port";
    private const string PublicHostKey = "akka.remote.dot-netty.tcp.public-hostname";
    private const string PublicPortKey = "akka.remote.dot-netty.tcp.public-port";

    /// <summary>The node's address for clients, as host:port. Not usable with port 0, where the system chooses the port.</summary>
    public string Contact =>
        $"{Akka.GetString(KnownHostKey(Akka), "")}:{Akka.GetString(Akka.GetString(PublicPortKey, "0") is "" or "0" ? PortKey : PublicPortKey, "")}";

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
            foreach (var key in (string[])[PortKey, PublicPortKey])
            {
                var port = akka.GetString(key, "");
                if (!ushort.TryParse(port, out _)) throw new SettingsException($"{key} = '{port}': a whole number from 0 to {ushort.MaxValue} is wanted");
            }
            DemandReach(akka, settings);
            return new NodeConfig(settings, akka);
        }
        catch (SettingsException e)
        {
            throw new BadConfigException($"{name}: {e.Message}");
        }
    }

    // A node that others cannot reach would join and own partitions all the same, for it can reach them.
    private static void DemandReach(Config akka, DynamoSettings settings)
    {
        var key = KnownHostKey(akka);
        // Akka.Remote takes an empty hostname for all addresses.
        var host = akka.GetString(key, "") is { Length: > 0 } given ? given : "0.0.0.0";
        if (HostReach.WhyNot(host, settings.Cluster.Seeds) is { } reason)
            throw new SettingsException($"{key} = '{akka.GetString(key, "")}' {reason}: set {PublicHostKey} (or hostname) to an address by which all nodes reach this one");
    }

    // The public hostname is the one that other nodes use, if there is one.
    private static string KnownHostKey(Config akka) => string.IsNullOrWhiteSpace(akka.GetString(PublicHostKey, "")) ? HostKey : PublicHostKey;
}
