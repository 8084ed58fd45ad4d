using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Akka.Event;
using Google.Protobuf;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>Cuts what a socket receives into frames, and hands each on, without a copy where the listener can take it so.</summary>
internal sealed class SocketReader(Socket socket, int maxFrameBytes, TcpLink link, ILoggingAdapter log)
{
    private const int PrefixBytes = sizeof(int);
    private const int InitialBufferBytes = 64 * 1024;

    private readonly SocketAsyncEventArgs _receive = new(true);
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private IHandleEventListener _listener = null!;
    private IPduListener? _pduListener;

    public void Start(IHandleEventListener listener)
    {
        _listener = listener;
        _pduListener = listener as IPduListener;
        _buffer = ArrayPool<byte>.Shared.Rent(InitialBufferBytes);
        _receive.Completed += (_, _) => Loop(received: true);
        // The first read may find data at once: that is not the business of the thread that took the listener on.
        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Loop(received: false), this, preferLocal: false);
    }

    private void Loop(bool received)
    {
        try
        {
            while (true)
            {
                if (received && !OnReceived())
                {
                    End("the connection was closed");
                    return;
                }
                received = true;
                MakeRoom();
                _receive.SetBuffer(_buffer, _end, _buffer.Length - _end);
                if (socket.ReceiveAsync(_receive))
                    return;
            }
        }
        catch (ObjectDisposedException)
        {
            End("the connection was closed");
        }
        catch (Exception e)
        {
            // Nothing that a peer sends may end the process.
            log.Error(e, "Connection from [{0}] is closed: {1}", link.RemoteAddress, e.Message);
            End(e.Message);
        }
    }

    // False at the end of the stream.
    private bool OnReceived()
    {
        if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
            return false;
        _end += _receive.BytesTransferred;
        while (_end - _start >= PrefixBytes)
        {
            var length = FrameLength();
            if (_end - _start - PrefixBytes < length)
                break;
            var pdu = _buffer.AsSpan(_start + PrefixBytes, length);
            _start += PrefixBytes + length;
            if (_pduListener is not null)
                _pduListener.OnPdu(pdu);
            else
                _listener.Notify(new InboundPayload(ByteString.CopyFrom(pdu)));
        }
        return true;
    }

    private int FrameLength()
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        // The published runtime adds its own few bytes after it has checked a message's size.
        if (length > (uint)maxFrameBytes + PrefixBytes)
            throw new FrameException($"a frame of {length} bytes is larger than maximum-frame-size = {maxFrameBytes} bytes");
        return (int)length;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            return;
        }
        var needed = _end - _start >= PrefixBytes ? PrefixBytes + FrameLength() : PrefixBytes;
        if (_start + needed <= _buffer.Length && _end < _buffer.Length)
            return;
        var waiting = _buffer.AsSpan(_start, _end - _start);
        if (needed <= _buffer.Length)
        {
            waiting.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            waiting.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        _end -= _start;
        _start = 0;
    }

    private void End(string reason)
    {
        log.Debug("Reading from [{0}] has ended: {1}", link.RemoteAddress, reason);
        _listener.Notify(new Disassociated(DisassociateInfo.Unknown));
        link.Abort();
        _receive.Dispose();
        var buffer = _buffer;
        _buffer = [];
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private sealed class FrameException(string message) : Exception(message);
}
