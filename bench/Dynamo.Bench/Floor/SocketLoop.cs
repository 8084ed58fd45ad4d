using System.Net.Sockets;

namespace Dynamo.Bench.Floor;

/// <summary>
/// One thread for all connections of a process: waits for input, handles all of it, then writes once to each connection with queued output.
/// A floor should have no thread pool and no handover between threads.
/// </summary>
/// <param name="listener">Accepts further connections; null: none are accepted.</param>
/// <param name="timeoutUs">Microseconds to wait before checking for pending output again; -1: only when a socket is ready.</param>
internal sealed class SocketLoop(IEnumerable<Connection> connections, Socket? listener, int valueBytes, FrameHandler handle, int timeoutUs)
{
    private readonly List<Connection> _connections = [.. connections];
    private readonly List<Socket> _reading = [];
    private readonly List<Socket> _writing = [];

    /// <summary>Held while frames are handled and written.</summary>
    public Lock Gate { get; } = new();

    public void Run()
    {
        while (true)
        {
            Wait();
            lock (Gate)
            {
                foreach (var socket in _reading)
                {
                    if (ReferenceEquals(socket, listener)) _connections.Add(new Connection(socket.Accept(), valueBytes));
                    else if (_connections.Find(c => ReferenceEquals(c.Socket, socket)) is { } connection && !connection.Receive(handle)) Drop(connection);
                }
                Flush();
            }
        }
    }

    public void Flush()
    {
        foreach (var connection in _connections) connection.Flush();
    }

    private void Wait()
    {
        _reading.Clear();
        _writing.Clear();
        if (listener is not null) _reading.Add(listener);
        lock (Gate)
        {
            foreach (var connection in _connections)
            {
                _reading.Add(connection.Socket);
                if (connection.IsBehind) _writing.Add(connection.Socket);
            }
        }
        Socket.Select(_reading, _writing, checkError: null, timeoutUs);
    }

    private void Drop(Connection connection)
    {
        _connections.Remove(connection);
        connection.Socket.Dispose();
    }
}
