using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>A listener that accepts nobody and whose backlog is full: a dial to it gets no answer.</summary>
internal sealed class DeafHost : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [.. Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];

    public DeafHost()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(0);
        foreach (var socket in _queued) _ = socket.ConnectAsync(_socket.LocalEndPoint!).ContinueWith(t => t.Exception, TaskScheduler.Default);
        Address = new Address("tcp", "shop", "127.0.0.1", ((IPEndPoint)_socket.LocalEndPoint!).Port);
    }

    public Address Address { get; }

    public void Dispose()
    {
        _socket.Dispose();
        foreach (var socket in _queued) socket.Dispose();
    }
}
