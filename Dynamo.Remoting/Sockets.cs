using System.Net.Sockets;

namespace Dynamo.Remoting;

/// <summary>The options of a connection's socket.</summary>
internal static class Sockets
{
    public static void Configure(Socket socket, SocketTransportSettings settings)
    {
        socket.NoDelay = settings.NoDelay;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, settings.KeepAlive);
        SetBuffers(socket, settings);
    }

    /// <summary>For a listening socket too: the window that a connection offers is settled before it is accepted.</summary>
    public static void SetBuffers(Socket socket, SocketTransportSettings settings)
    {
        if (settings.SendBufferSize is { } send) socket.SendBufferSize = send;
        if (settings.ReceiveBufferSize is { } receive) socket.ReceiveBufferSize = receive;
    }
}
