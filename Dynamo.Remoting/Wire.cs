using System.Net;
using System.Net.Sockets;

namespace Dynamo.Remoting;

/// <summary>The bytes of one connection. One receive and one send may be pending at once.</summary>
internal abstract class Wire(Socket socket) : IDisposable
{
    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    public IPEndPoint RemoteEndPoint { get; } = (IPEndPoint)socket.RemoteEndPoint!;

    protected Socket Socket => socket;

    /// <returns>The bytes received; 0 when the peer sends no more.</returns>
    public abstract ValueTask<int> Receive(Memory<byte> buffer);

    /// <returns>The bytes taken, at least one.</returns>
    public abstract ValueTask<int> Send(ReadOnlyMemory<byte> bytes);

    /// <summary>Tells the peer that nothing more comes; bytes sent before still arrive. Receiving goes on.</summary>
    public abstract ValueTask FinishSending();

    public abstract void Dispose();
}

/// <summary>Plain TCP. Both directions try at once and wait only when the socket would block; neither allocates.</summary>
internal sealed class PlainWire(Socket socket) : Wire(socket)
{
    public override ValueTask<int> Receive(Memory<byte> buffer) => Socket.ReceiveAsync(buffer, SocketFlags.None);

    public override ValueTask<int> Send(ReadOnlyMemory<byte> bytes) => Socket.SendAsync(bytes, SocketFlags.None);

    public override ValueTask FinishSending()
    {
        Socket.Shutdown(SocketShutdown.Send);
        return ValueTask.CompletedTask;
    }

    public override void Dispose() => Socket.Dispose();
}
