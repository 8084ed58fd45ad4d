using System.Net.Sockets;

namespace Dynamo.Bench.Floor;

/// <summary>
/// One thread for all connections of a process: it waits until some have something, handles all of that, and then writes once to each that
/// something gathered for. No thread pool and no hand-over between threads: a floor should have none.
/// </summary>
/// <param name="listener">Where more connections come from; null: nowhere.</param>
/// <param name="patience">Microseconds until it looks again at what could not be written; -1: only when something comes.</param>
internal sealed class SocketLoop(IEnumerable<Connection> connections, Socket? listener, int valueBytes, FrameHandler handle, int patience)
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
        Socket.Select(_reading, _writing, checkError: null, patience);
    }

    private void Drop(Connection connection)
    {
        _connections.Remove(connection);
        connection.Socket.Dispose();
    }
}
