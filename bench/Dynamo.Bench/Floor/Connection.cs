using System.Net.Sockets;

namespace Dynamo.Bench.Floor;

internal delegate void FrameHandler(Connection from, Frame frame);

/// <summary>One socket. One read takes all available bytes and splits them into frames; one write sends everything queued.</summary>
internal sealed class Connection
{
    private static readonly FrameKind[] Kinds = Enum.GetValues<FrameKind>();
    private readonly Batch[] _batches;
    private byte[] _in = new byte[256 << 10];
    private int _have;
    private byte[] _out = new byte[64 << 10];
    private int _from;
    private int _to;
    private int _frames;

    public Connection(Socket socket, int valueBytes)
    {
        Socket = socket;
        socket.NoDelay = true;
        socket.Blocking = false;
        _batches = [.. Kinds.Select(kind => new Batch(kind, FrameSizes.Item(kind, valueBytes)))];
    }

    public Socket Socket { get; }

    /// <summary>True when the socket accepted only part of the output; the rest waits until the socket is writable.</summary>
    public bool IsBehind => _from < _to;

    public Batch this[FrameKind kind] => _batches[(int)kind];

    /// <summary>The requests that wait for answers to batches of writes; likewise Reads.</summary>
    public Asked Writes { get; } = new();

    public Asked Reads { get; } = new();

    /// <returns>False when the other side has closed the connection.</returns>
    public bool Receive(FrameHandler handle)
    {
        var bytes = Socket.Receive(_in, _have, _in.Length - _have, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return true;
        if (error != SocketError.Success || bytes == 0) return false;
        _have += bytes;
        var at = 0;
        while (_have - at >= Frame.MinBytes && Frame.LengthOf(_in.AsSpan(at)) is var length && _have - at >= length)
        {
            handle(this, Frame.Read(_in.AsSpan(at, length)));
            at += length;
        }
        _in.AsSpan(at, _have - at).CopyTo(_in);
        _have -= at;
        // The frame is larger than the buffer; the next reads bring the rest.
        if (_have == _in.Length) Array.Resize(ref _in, _in.Length * 2);
        return true;
    }

    public void Flush()
    {
        foreach (var kind in Kinds)
        {
            if (this[kind].IsEmpty) continue;
            Append(this[kind].Take(kind switch { FrameKind.Writes => Writes.Close(), FrameKind.Reads => Reads.Close(), _ => 0 }));
        }
        // Counted once per flush, to keep the floor as cheap as possible.
        if (_frames > 0) FloorMeter.FramesSent.Add(_frames);
        _frames = 0;
        Send();
    }

    /// <summary>Queues a finished frame.</summary>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (_to + frame.Length > _out.Length) Array.Resize(ref _out, Math.Max(_to + frame.Length, _out.Length * 2));
        frame.CopyTo(_out.AsSpan(_to));
        _to += frame.Length;
        _frames++;
    }

    private void Send()
    {
        if (!IsBehind) return;
        _from += Socket.Send(_out, _from, _to - _from, SocketFlags.None, out _);
        if (!IsBehind) (_from, _to) = (0, 0);
    }
}
