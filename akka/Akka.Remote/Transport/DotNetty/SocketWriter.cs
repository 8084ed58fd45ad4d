using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Akka.Dispatch;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>
/// Gathers frames in buffers and sends them: what comes while a send is under way goes out with the next one. A frame never waits
/// for company longer than that, or than the end of the mailbox turn it was written in.
/// </summary>
internal sealed class SocketWriter : IRunnable
{
    private const int BufferBytes = 64 * 1024;
    private const int SpareBuffers = 4;

    // A thread that only wanted to write one frame does not send others' for longer than this.
    private const int MaxSendsInARow = 8;

    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(10);
    private static readonly long ThickTicks = Stopwatch.Frequency / 40_000;

    private readonly Lock _gate = new();
    private readonly Timer _watchdog;
    private readonly Socket _socket;
    private readonly long _limitBytes;
    private readonly Action _onAllSent;
    private readonly Action _onFailed;
    private readonly SocketAsyncEventArgs _send = new(true);
    private readonly Queue<OutBuffer> _full = new();
    private readonly Stack<OutBuffer> _spare = new();
    private OutBuffer _filling = new(BufferBytes);
    private OutBuffer? _sending;
    private long _waitingBytes;
    private long _lastFlush;
    private bool _isFlushing;
    private bool _watchdogIsArmed;
    private bool _isCompleted;

    public SocketWriter(Socket socket, long limitBytes, Action onAllSent, Action onFailed)
    {
        _socket = socket;
        _limitBytes = limitBytes;
        _onAllSent = onAllSent;
        _onFailed = onFailed;
        _send.Completed += (_, _) => OnSent();
        _watchdog = new Timer(static self => ((SocketWriter)self!).OnWatchdog(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public WriteResult Write(in OutboundEnvelope envelope)
    {
        lock (_gate)
        {
            var result = Reserve(envelope.PduSize, out var pdu);
            if (result != WriteResult.Taken)
                return result;
            envelope.WriteTo(pdu);
            if (_isFlushing || (!envelope.IsUrgent && TryDefer()))
                return WriteResult.Taken;
            _isFlushing = true;
        }
        StartFlush();
        return WriteResult.Taken;
    }

    public WriteResult Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var result = Reserve(bytes.Length, out var pdu);
            if (result != WriteResult.Taken)
                return result;
            bytes.CopyTo(pdu);
            if (_isFlushing || TryDefer())
                return WriteResult.Taken;
            _isFlushing = true;
        }
        StartFlush();
        return WriteResult.Taken;
    }

    /// <summary>Takes no more frames, and says when all are sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_isCompleted)
                return;
            _isCompleted = true;
            if (_isFlushing)
                return;
            _isFlushing = true;
        }
        Flush();
    }

    public void Abandon()
    {
        lock (_gate)
        {
            _isCompleted = true;
            _full.Clear();
            _filling.Count = 0;
            _waitingBytes = 0;
        }
        _watchdog.Dispose();
    }

    /// <summary>At the end of a turn: sends what the turn wrote, unless that has gone out by now.</summary>
    public void Run()
    {
        lock (_gate)
        {
            if (_isFlushing || _waitingBytes == 0)
                return;
            _isFlushing = true;
        }
        StartFlush();
    }

    // An actor may block in the turn it wrote in: then this thread sends.
    private void OnWatchdog()
    {
        lock (_gate)
            _watchdogIsArmed = false;
        Run();
    }

    // A full buffer goes out at once: in a long turn the peer would wait for nothing.
    private bool TryDefer()
    {
        if (_full.Count > 0 || !TurnEnd.TryDefer(this))
            return false;
        if (!_watchdogIsArmed)
        {
            _watchdogIsArmed = true;
            _watchdog.Change(LongestTurn, Timeout.InfiniteTimeSpan);
        }
        return true;
    }

    // While frames come thick, the pool's queue gives them time to gather; alone, a frame goes at once.
    private void StartFlush()
    {
        var now = Stopwatch.GetTimestamp();
        var isAlone = now - _lastFlush > ThickTicks;
        _lastFlush = now;
        if (isAlone)
            Flush();
        else
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Flush(), this, preferLocal: false);
    }

    private void Flush()
    {
        for (var sends = 0; TakeNext(); sends++)
        {
            if (sends == MaxSendsInARow)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.Send(), this, preferLocal: false);
                return;
            }
            if (!TrySend())
                return;
        }
    }

    void IThreadPoolWorkItem.Execute() => Run();

    private WriteResult Reserve(int pduBytes, out Span<byte> pdu)
    {
        pdu = default;
        if (_isCompleted)
            return WriteResult.Closed;
        var frame = sizeof(int) + pduBytes;
        if (_waitingBytes + frame > _limitBytes)
            return WriteResult.Full;
        _waitingBytes += frame;
        if (!_filling.HasRoomFor(frame))
        {
            _full.Enqueue(_filling);
            _filling = frame <= BufferBytes && _spare.TryPop(out var spare) ? spare : new OutBuffer(Math.Max(frame, BufferBytes));
        }
        var bytes = _filling.Take(frame);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, pduBytes);
        pdu = bytes[sizeof(int)..];
        return WriteResult.Taken;
    }

    // False: nothing is left, and the flush is over: from then on another thread may own one.
    private bool TakeNext()
    {
        bool isLast;
        lock (_gate)
        {
            if (_sending is not null)
                return true;
            if (_full.TryDequeue(out _sending))
                return true;
            if (_filling.Count > 0)
            {
                _sending = _filling;
                _filling = _spare.TryPop(out var spare) ? spare : new OutBuffer(BufferBytes);
                return true;
            }
            _isFlushing = false;
            isLast = _isCompleted;
        }
        if (isLast)
            _onAllSent();
        return false;
    }

    private void Send()
    {
        if (TrySend())
            Flush();
    }

    // True when the buffer is sent; false: the completion goes on, or the connection is lost.
    private bool TrySend()
    {
        try
        {
            var buffer = _sending!;
            _send.SetBuffer(buffer.Bytes, 0, buffer.Count);
            return !_socket.SendAsync(_send) && Finish();
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void OnSent()
    {
        if (Finish())
            Flush();
    }

    private bool Finish()
    {
        if (_send.SocketError != SocketError.Success)
        {
            _onFailed();
            return false;
        }
        lock (_gate)
        {
            var sent = _sending!;
            _sending = null;
            _waitingBytes -= sent.Count;
            sent.Count = 0;
            if (sent.Bytes.Length == BufferBytes && _spare.Count < SpareBuffers)
                _spare.Push(sent);
        }
        return true;
    }

    private sealed class OutBuffer(int capacity)
    {
        public readonly byte[] Bytes = new byte[capacity];
        public int Count;

        public bool HasRoomFor(int bytes) => Bytes.Length - Count >= bytes;

        public Span<byte> Take(int bytes)
        {
            var taken = Bytes.AsSpan(Count, bytes);
            Count += bytes;
            return taken;
        }
    }
}
