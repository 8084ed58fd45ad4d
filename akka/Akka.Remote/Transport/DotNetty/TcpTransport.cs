using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>Links over TCP: each frame is a PDU behind its length, four bytes, little-endian.</summary>
internal sealed class TcpTransport : Transport
{
    private readonly TcpSettings _settings;
    private readonly ILoggingAdapter _log;
    private readonly HashSet<TcpLink> _links = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<IAssociationEventListener> _listener = new();
    private Socket? _socket;
    private Address? _address;
    private bool _isShutDown;

    public TcpTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        _log = Logging.GetLogger(system, GetType());
        _settings = TcpSettings.From(config, RARP.For(system).Provider.RemoteSettings);
        SchemeIdentifier = "tcp";
        MaximumPayloadBytes = _settings.MaxFrameBytes;
    }

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var endpoint = await Resolve(_settings.Hostname, _settings.Port);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(_settings.Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            var reason = e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "the port is in use (akka.remote.dot-netty.tcp.port; 0 lets the system choose one)"
                : e.Message;
            throw new RemoteTransportException($"Cannot listen at {_settings.Hostname}:{_settings.Port}: {reason}", e);
        }
        _socket = socket;
        var port = _settings.PublicPort != 0 ? _settings.PublicPort : ((IPEndPoint)socket.LocalEndPoint!).Port;
        _address = new Address(SchemeIdentifier, System.Name, _settings.PublicHostname, port);
        _ = AcceptLinks(socket);
        return (_address, _listener);
    }

    public override bool IsResponsibleFor(Address remote) => true;

    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        // An asynchronous connect is the first thing here, so that nothing blocks the sender.
        using var limit = new CancellationTokenSource(_settings.ConnectTimeout);
        Socket? socket = null;
        try
        {
            var endpoint = await Resolve(remoteAddress.Host!, remoteAddress.Port!.Value, limit.Token);
            socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _settings.ApplyTo(socket);
            await socket.ConnectAsync(endpoint, limit.Token);
            return Adopt(socket, remoteAddress) ?? throw new InvalidAssociationException("The transport is shut down");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket?.Dispose();
            var reason = e is OperationCanceledException ? $"no answer within {_settings.ConnectTimeout.TotalMilliseconds:0} ms" : e.Message;
            throw new InvalidAssociationException($"Cannot connect to {remoteAddress}: {reason}", e);
        }
    }

    public override async Task<bool> Shutdown()
    {
        List<TcpLink> links;
        lock (_gate)
        {
            if (_isShutDown)
                return true;
            _isShutDown = true;
            links = [.. _links];
        }
        _socket?.Dispose();
        foreach (var link in links)
            link.Disassociate();
        var flushed = Task.WhenAll(links.Select(link => link.Closed));
        await Task.WhenAny(flushed, Task.Delay(_settings.FlushWait));
        foreach (var link in links)
            link.Abort();
        return true;
    }

    private async Task AcceptLinks(Socket socket)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync();
                _settings.ApplyTo(accepted);
                var peer = (IPEndPoint)accepted.RemoteEndPoint!;
                // Who the peer really is, its handshake will say.
                var remote = new Address(SchemeIdentifier, System.Name, peer.Address.ToString(), peer.Port);
                if (Adopt(accepted, remote) is { } link)
                    (await _listener.Task).Notify(new InboundAssociation(link));
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted } || IsShutDown)
            {
                return;
            }
            catch (SocketException e)
            {
                // The peer went away again, or descriptors ran out: neither ends the listening, the second needs a pause.
                _log.Warning("A connect could not be accepted: {0}", e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private bool IsShutDown
    {
        get
        {
            lock (_gate)
                return _isShutDown;
        }
    }

    private TcpLink? Adopt(Socket socket, Address remote)
    {
        var link = new TcpLink(socket, _address!, remote, _settings, System, _log);
        lock (_gate)
        {
            if (_isShutDown)
            {
                link.Abort();
                return null;
            }
            _links.Add(link);
        }
        _ = link.Closed.ContinueWith(_ => Forget(link), TaskScheduler.Default);
        return link;
    }

    private void Forget(TcpLink link)
    {
        lock (_gate)
            _links.Remove(link);
    }

    private async Task<IPEndPoint> Resolve(string host, int port, CancellationToken cancellation = default)
    {
        if (IPAddress.TryParse(host, out var literal))
            return new IPEndPoint(literal, port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation);
        var preferred = _settings.PrefersIpv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var address = addresses.FirstOrDefault(candidate => candidate.AddressFamily == preferred) ?? addresses.FirstOrDefault()
            ?? throw new SocketException((int)SocketError.HostNotFound);
        return new IPEndPoint(address, port);
    }
}
