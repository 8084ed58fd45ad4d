using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;

namespace Dynamo.Remoting;

/// <summary>Makes outbound connections.</summary>
internal sealed class Connector(SocketTransportSettings settings, ILoggingAdapter log)
{
    /// <summary>Tries the host's addresses in turn, within <c>connection-timeout</c> in all, a TLS handshake included.</summary>
    /// <exception cref="InvalidAssociationException">Says where and why in one line. It has no inner exception, so Akka.Remote logs no stack trace.</exception>
    public async Task<Wire> Connect(Address remote, CancellationToken stopping)
    {
        if (remote.Host is null || remote.Port is not { } port) throw new InvalidAssociationException($"Cannot associate with {remote}: it has no host and port");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(settings.ConnectionTimeout);
        try
        {
            return await Connect(remote, port, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidAssociationException(stopping.IsCancellationRequested
                ? $"Cannot associate with {remote}: the transport is shut down"
                : $"Cannot associate with {remote}: no connection within {settings.ConnectionTimeout.TotalSeconds:0.###}s (connection-timeout)");
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or ObjectDisposedException)
        {
            throw new InvalidAssociationException($"Cannot associate with {remote}: {e.Message}");
        }
    }

    private async Task<Wire> Connect(Address remote, int port, CancellationToken timeout)
    {
        var addresses = await Addresses.Resolve(remote.Host, settings, timeout);
        for (var i = 0; ; i++)
        {
            var address = Reachable(addresses[i]);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                Sockets.Configure(socket, settings);
                await socket.ConnectAsync(new IPEndPoint(address, port), timeout);
                return settings.Tls is { } tls ? await TlsWire.AsClient(socket, tls, remote, log, timeout) : new PlainWire(socket);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>A node that listens on every address, and advertises just that, is dialled on this machine.</summary>
    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
}
