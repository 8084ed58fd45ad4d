using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Event;
using Akka.Remote.Transport;

namespace Dynamo.Remoting;

/// <summary>The listening socket.</summary>
internal sealed class Acceptor(SocketTransportSettings settings, ILoggingAdapter log) : IDisposable
{
    /// <summary>The pause after a failed accept (the process has no descriptors left, say): retrying at once would only burn a core.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Socket? _socket;

    /// <summary>The bound address, once <see cref="Bind"/> is done.</summary>
    public IPEndPoint BoundTo => (IPEndPoint)_socket!.LocalEndPoint!;

    /// <exception cref="SocketException">The address is in use, is not this machine's, or is unknown.</exception>
    public async Task Bind()
    {
        var addresses = await Addresses.Resolve(settings.Hostname, settings, CancellationToken.None);
        var socket = new Socket(addresses[0].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket = socket;
        if (addresses[0].Equals(IPAddress.IPv6Any)) socket.DualMode = !settings.EnforceIpFamily;
        // Elsewhere .NET binds over a connection's TIME_WAIT by itself, and this option would allow two listeners on one port.
        if (OperatingSystem.IsWindows() && settings.ReuseAddress) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Sockets.SetBuffers(socket, settings);
        socket.Bind(new IPEndPoint(addresses[0], settings.Port));
        socket.Listen(settings.Backlog);
    }

    /// <summary>Accepts connections as soon as there is a listener to hand them to.</summary>
    public async Task Run(Task<IAssociationEventListener> listening, Action<IAssociationEventListener, Wire> welcome, CancellationToken stopping)
    {
        try
        {
            var listener = await listening.WaitAsync(stopping);
            while (!stopping.IsCancellationRequested)
            {
                if (await Accept(stopping) is { } socket) _ = Welcome(socket, listener, welcome, stopping);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The transport is shut down.
        }
    }

    public void Dispose() => _socket?.Dispose();

    private async Task<Socket?> Accept(CancellationToken stopping)
    {
        try
        {
            return await _socket!.AcceptAsync(stopping);
        }
        catch (SocketException e)
        {
            if (stopping.IsCancellationRequested) return null;
            log.Warning("A connection could not be accepted: {0}", e.Message);
            await Task.Delay(Pause, stopping);
            return null;
        }
    }

    private async Task Welcome(Socket socket, IAssociationEventListener listener, Action<IAssociationEventListener, Wire> welcome, CancellationToken stopping)
    {
        EndPoint? remote = null;
        try
        {
            remote = socket.RemoteEndPoint;
            Sockets.Configure(socket, settings);
            var wire = settings.Tls is { } tls
                ? await TlsWire.AsServer(socket, tls, log, settings.ConnectionTimeout, stopping)
                : new PlainWire(socket);
            welcome(listener, wire);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Dispose();
            if (!stopping.IsCancellationRequested) log.Warning("A connection from {0} was refused: {1}", remote, e.Message);
        }
    }
}
