using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Dynamo.Remoting;

/// <summary>
/// One connection. It begins to receive when it has its listener, and is over when the peer ends, when something fails, or when this side has left: then it
/// sends what was written, tells the peer, and discards what still arrives until the peer ends too.
/// </summary>
internal sealed class SocketAssociationHandle : AssociationHandle
{
    private readonly Wire _wire;
    private readonly SocketTransportSettings _settings;
    private readonly RemotingMetrics _metrics;
    private readonly ILoggingAdapter _log;
    private readonly Action<Address> _greet;
    private readonly FrameWriter _writer;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IHandleEventListener? _listener;
    private volatile bool _leaving;
    private volatile Address? _guest;
    private bool _awaitsHandshake;

    /// <param name="local">This end.</param>
    /// <param name="remote">The other end: as it was dialled, or as the socket says.</param>
    /// <param name="isDialled">False: the other end connected itself, and its handshake comes first.</param>
    /// <param name="greet">Called with a <see cref="Guest"/>'s address before its handshake is passed on.</param>
    public SocketAssociationHandle(
        Address local, Address remote, bool isDialled, Wire wire, SocketTransportSettings settings, RemotingMetrics metrics, ILoggingAdapter log,
        Action<Address> greet)
        : base(local, remote)
    {
        _awaitsHandshake = !isDialled && settings.DialOnly.Count > 0;
        _wire = wire;
        _settings = settings;
        _metrics = metrics;
        _log = log;
        _greet = greet;
        _writer = new FrameWriter(wire, settings, metrics, SendFailed);
        // Receiving must not begin on the thread of the actor that sets the listener.
        ReadHandlerSource = new TaskCompletionSource<IHandleEventListener>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Completes when the socket is closed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>The system at the other end, if it connected itself and is none that this side dials.</summary>
    public Address? Guest => _guest;

    /// <summary>Bytes written but not sent yet.</summary>
    public long Waiting => _writer.Waiting;

    public void Start()
    {
        _metrics.Connections.Add(1);
        _ = Run();
    }

    /// <summary>Never blocks.</summary>
    /// <returns>
    /// False when the frame was not taken, because too much waits to be sent or the connection is closing. A frame that no peer would accept is logged and
    /// dropped, with true: a retry would not help.
    /// </returns>
    public override bool Write(ByteString payload)
    {
        if (payload.Length <= _settings.MaximumFrameSize) return _writer.Write(payload);
        _metrics.FramesRefused.Add(1);
        _log.Error("A frame of {0} bytes for {1} is dropped: maximum-frame-size is {2}", payload.Length, RemoteAddress, _settings.MaximumFrameSize);
        return true;
    }

    [Obsolete("Akka.Remote calls the overload with a reason, which calls this one.")]
    public override void Disassociate() => Leave();

    /// <summary>Sends what was written and closes, within <c>flush-wait-on-shutdown</c>. Further calls do nothing.</summary>
    public void Leave()
    {
        if (!_left.TrySetResult()) return;
        _leaving = true;
        _writer.Complete();
        CloseInTime();
    }

    private async Task Run()
    {
        try
        {
            await Task.WhenAny(ReadHandlerSource.Task, _left.Task);
            if (ReadHandlerSource.Task.IsCompletedSuccessfully) _listener = await ReadHandlerSource.Task;
            var leftover = await new FrameReader(_wire, _settings, _metrics).Run(Deliver);
            if (leftover > 0) _log.Debug("{0} closed the connection within a frame, after {1} bytes of it", RemoteAddress, leftover);
        }
        catch (FrameRefusedException e)
        {
            _log.Warning("The connection with {0} is closed: {1}", RemoteAddress, e.Message);
        }
        catch (Exception e)
        {
            if (!_leaving) _log.Debug("The connection with {0} is lost: {1}", RemoteAddress, e.Message);
        }

        _writer.Abort();
        _wire.Dispose();
        _metrics.Connections.Add(-1);
        _closed.TrySetResult();
        // A handle without a listener has nobody to tell.
        var listener = await ReadHandlerSource.Task;
        // Akka.Remote keeps a writer for a system that it has lost, and dials with it even when that system has connected again. A guest cannot be dialled:
        // as one that has shut down it is forgotten, and its next connection is written to.
        listener.Notify(new Disassociated(_guest is null ? DisassociateInfo.Unknown : DisassociateInfo.Shutdown));
    }

    private void Deliver(ByteString payload)
    {
        if (_awaitsHandshake)
        {
            _awaitsHandshake = false;
            if (Handshake.OriginOf(payload.ToByteArray()) is { } origin && !_settings.DialOnly.Contains(origin.System))
            {
                _guest = origin;
                _greet(origin);
            }
        }
        if (!_leaving) _listener?.Notify(new InboundPayload(payload));
    }

    /// <summary>Bytes that the peer sent before may still be received, so the socket stays open for a short time.</summary>
    private void SendFailed(Exception e)
    {
        if (!_leaving) _log.Debug("Sending to {0} failed: {1}", RemoteAddress, e.Message);
        CloseInTime();
    }

    private void CloseInTime() => _ = CloseAfter(_settings.FlushWait);

    private async Task CloseAfter(TimeSpan time)
    {
        await Task.WhenAny(_closed.Task, Task.Delay(time));
        _wire.Dispose();
    }
}
