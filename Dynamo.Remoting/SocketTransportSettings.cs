using System.Net;
using Akka.Actor;
using Akka.Configuration;

namespace Dynamo.Remoting;

/// <summary>The settings of <c>akka.remote.dot-netty.tcp</c> that apply to a socket. Sizes are in bytes.</summary>
/// <param name="PublicPort">Null: the port that was bound.</param>
/// <param name="MaximumFrameSize">At least 32000. Larger frames are refused in both directions.</param>
/// <param name="SendBufferSize">The socket's buffer; null leaves it to the operating system.</param>
/// <param name="HighWaterMark">A write is refused while this much waits to be sent.</param>
/// <param name="FlushWait">The time limit for a closing connection to send what was written.</param>
/// <param name="DialOnly">Names of the actor systems that may be dialled; empty: all.</param>
/// <param name="Tls">Null without <c>enable-ssl</c>.</param>
internal sealed record SocketTransportSettings(
    string Hostname,
    int Port,
    string PublicHostname,
    int? PublicPort,
    bool DnsUseIpv6,
    bool EnforceIpFamily,
    TimeSpan ConnectionTimeout,
    int MaximumFrameSize,
    int? SendBufferSize,
    int? ReceiveBufferSize,
    int Backlog,
    bool NoDelay,
    bool KeepAlive,
    bool ReuseAddress,
    bool BigEndian,
    int HighWaterMark,
    TimeSpan FlushWait,
    IReadOnlyList<string> DialOnly,
    TlsSettings? Tls)
{
    /// <summary>The high-water mark when <c>write-buffer-high-water-mark</c> is 0: some tens of milliseconds of a fast link.</summary>
    public const int DefaultHighWaterMark = 4 * 1024 * 1024;

    private const int SmallestFrameLimit = 32_000;

    /// <exception cref="ConfigurationException">A setting is invalid.</exception>
    public static SocketTransportSettings From(ActorSystem system, Config config)
    {
        var hostname = config.GetString("hostname", "");
        if (string.IsNullOrWhiteSpace(hostname)) hostname = IPAddress.Any.ToString();
        var publicHostname = config.GetString("public-hostname", "");
        var publicPort = config.GetInt("public-port", 0);
        var frame = Size(config, "maximum-frame-size") ?? 128_000;
        if (frame < SmallestFrameLimit) throw new ConfigurationException($"maximum-frame-size is {frame}, must be {SmallestFrameLimit} or more");
        var byteOrder = config.GetString("byte-order", "little-endian");
        return new SocketTransportSettings(
            Hostname: hostname,
            Port: config.GetInt("port", 2552),
            PublicHostname: string.IsNullOrWhiteSpace(publicHostname) ? hostname : publicHostname,
            PublicPort: publicPort > 0 ? publicPort : null,
            DnsUseIpv6: config.GetBoolean("dns-use-ipv6", false),
            EnforceIpFamily: config.GetBoolean("enforce-ip-family", false),
            ConnectionTimeout: config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(15)),
            MaximumFrameSize: frame,
            SendBufferSize: Size(config, "send-buffer-size"),
            ReceiveBufferSize: Size(config, "receive-buffer-size"),
            Backlog: config.GetInt("backlog", 4096),
            NoDelay: config.GetBoolean("tcp-nodelay", true),
            KeepAlive: config.GetBoolean("tcp-keepalive", true),
            ReuseAddress: ReusesAddress(config.GetString("tcp-reuse-addr", "off-for-windows")),
            BigEndian: byteOrder switch
            {
                "little-endian" => false,
                "big-endian" => true,
                _ => throw new ConfigurationException($"byte-order is \"{byteOrder}\", must be little-endian or big-endian"),
            },
            HighWaterMark: Size(config, "write-buffer-high-water-mark") ?? DefaultHighWaterMark,
            FlushWait: system.Settings.Config.GetTimeSpan("akka.remote.flush-wait-on-shutdown", TimeSpan.FromSeconds(2)),
            DialOnly: [.. config.GetStringList("dial-only", [])],
            Tls: config.GetBoolean("enable-ssl", false) ? TlsSettings.From(system, config.GetConfig("ssl") ?? Config.Empty) : null);
    }

    /// <returns>Null when it is absent or 0.</returns>
    private static int? Size(Config config, string name) =>
        config.GetByteSize(name, null) switch
        {
            null or 0 => null,
            > 0 and <= int.MaxValue and var size => (int)size,
            var size => throw new ConfigurationException($"{name} is {size} bytes, must be from 0 to {int.MaxValue}"),
        };

    private static bool ReusesAddress(string setting) => setting switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        "off-for-windows" => !OperatingSystem.IsWindows(),
        _ => throw new ConfigurationException($"tcp-reuse-addr is \"{setting}\", must be on, off or off-for-windows"),
    };
}
