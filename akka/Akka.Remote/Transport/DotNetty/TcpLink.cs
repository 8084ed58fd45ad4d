using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using Google.Protobuf;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>One connection. Frames are written by whichever thread sends, and read by one loop.</summary>
internal sealed class TcpLink : AssociationHandle, IEnvelopeWriter
{
    private readonly Socket _socket;
    private readonly SocketWriter _writer;
    private readonly SocketReader _reader;
    private readonly ActorSystem _system;
    private readonly TimeSpan _flushWait;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ended;

    public TcpLink(Socket socket, Address local, Address remote, TcpSettings settings, ActorSystem system, ILoggingAdapter log)
        : base(local, remote)
    {
        _socket = socket;
        _system = system;
        _flushWait = settings.FlushWait;
        _writer = new SocketWriter(socket, settings.OutboundLimitBytes, HalfClose, Abort);
        _reader = new SocketReader(socket, settings.MaxFrameBytes, this, log);
        _ = ReadHandlerSource.Task.ContinueWith(ready => _reader.Start(ready.Result), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    /// <summary>Done when the socket is closed.</summary>
    public Task Closed => _closed.Task;

    public override bool Write(ByteString payload) => _writer.Write(payload.Span) == WriteResult.Taken;

    public WriteResult Write(in OutboundEnvelope envelope) => _writer.Write(envelope);

    public override void Disassociate()
    {
        if (Volatile.Read(ref _ended) != 0)
            return;
        _writer.Complete();
        // The peer closes when it has read to the end; one that does not read would hold the connection for ever.
        _system.Scheduler.Advanced.ScheduleOnce(_flushWait, Abort);
    }

    // Closing outright would reset the connection if anything came in unread, and the peer would lose our last words.
    private void HalfClose()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort();
        }
    }

    /// <summary>Closes the socket, whatever is still to be sent.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        _writer.Abandon();
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It was closed from the other side already.
        }
        _socket.Dispose();
        _closed.TrySetResult();
    }
}
