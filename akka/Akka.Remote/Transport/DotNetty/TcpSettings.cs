using System.Net;
using System.Net.Sockets;
using Akka.Configuration;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>The section <c>akka.remote.dot-netty.tcp</c>, checked.</summary>
internal sealed record TcpSettings
{
    private const int LeastFrameSize = 32_000;

    public required string Hostname { get; init; }

    public required int Port { get; init; }

    public required string PublicHostname { get; init; }

    /// <summary>0: the port that is listened at.</summary>
    public required int PublicPort { get; init; }

    public required bool PrefersIpv6 { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    public required int SendBufferBytes { get; init; }

    public required int ReceiveBufferBytes { get; init; }

    /// <summary>With its length prefix.</summary>
    public required int MaxFrameBytes { get; init; }

    public required int Backlog { get; init; }

    public required bool NoDelay { get; init; }

    public required bool KeepAlive { get; init; }

    /// <summary>Most bytes that wait for one peer in the process.</summary>
    public required long OutboundLimitBytes { get; init; }

    /// <summary>How long a link that is closed may take to send what was written to it.</summary>
    public required TimeSpan FlushWait { get; init; }

    /// <exception cref="ConfigurationException">A value is out of its range, or asks for what this runtime does not have.</exception>
    public static TcpSettings From(Config config, RemoteSettings remote)
    {
        if (config.GetBoolean("enable-ssl", false))
            throw new ConfigurationException("akka.remote.dot-netty.tcp.enable-ssl = on: this runtime has no TLS transport");
        if (config.GetString("byte-order", "little-endian") != "little-endian")
            throw new ConfigurationException("akka.remote.dot-netty.tcp.byte-order: only little-endian is served");
        var frame = config.GetByteSize("maximum-frame-size", null) ?? 128_000;
        if (frame is < LeastFrameSize or > int.MaxValue / 4)
            throw new ConfigurationException($"Setting 'maximum-frame-size' must be from {LeastFrameSize} to {int.MaxValue / 4} bytes, was {frame}");
        var host = config.GetString("hostname", string.Empty) is { Length: > 0 } given ? given : IPAddress.Any.ToString();
        return new TcpSettings
        {
            Hostname = config.GetString("bind-hostname", string.Empty) is { Length: > 0 } bind ? bind : host,
            Port = PortOf(config, config.HasPath("bind-port") ? "bind-port" : "port", 2552),
            PublicHostname = config.GetString("public-hostname", string.Empty) is { Length: > 0 } known ? known : host,
            PublicPort = PublicPortOf(config),
            PrefersIpv6 = config.GetBoolean("dns-use-ipv6", false),
            ConnectTimeout = config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(15), true),
            SendBufferBytes = (int)(config.GetByteSize("send-buffer-size", null) ?? 0),
            ReceiveBufferBytes = (int)(config.GetByteSize("receive-buffer-size", null) ?? 0),
            MaxFrameBytes = (int)frame,
            Backlog = config.GetInt("backlog", 4096),
            NoDelay = config.GetBoolean("tcp-nodelay", true),
            KeepAlive = config.GetBoolean("tcp-keepalive", true),
            OutboundLimitBytes = remote.OutboundBufferBytes,
            FlushWait = remote.FlushWait,
        };
    }

    public void ApplyTo(Socket socket)
    {
        socket.NoDelay = NoDelay;
        if (KeepAlive)
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (SendBufferBytes > 0)
            socket.SendBufferSize = SendBufferBytes;
        if (ReceiveBufferBytes > 0)
            socket.ReceiveBufferSize = ReceiveBufferBytes;
    }

    // Bound elsewhere than known, the port to be known by is the plain one.
    private static int PublicPortOf(Config config)
    {
        var port = PortOf(config, "public-port", 0);
        return port == 0 && config.HasPath("bind-port") ? PortOf(config, "port", 0) : port;
    }

    private static int PortOf(Config config, string key, int fallback)
    {
        var text = config.GetString(key, null);
        if (string.IsNullOrEmpty(text))
            return fallback;
        return int.TryParse(text, out var port) && port is >= 0 and <= ushort.MaxValue
            ? port
            : throw new ConfigurationException($"akka.remote.dot-netty.tcp.{key} must be a port (0 to {ushort.MaxValue}), was '{text}'");
    }
}
