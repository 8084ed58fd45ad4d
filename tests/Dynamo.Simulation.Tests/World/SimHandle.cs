using Akka.Remote.Transport;
using Google.Protobuf;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// One end of a connection, with its machine's part: frames arrive whole and in order or not at all. Frames that a cut swallows are sent again at growing
/// intervals; a closed end answers with a reset.
/// </summary>
internal sealed class SimHandle : AssociationHandle
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(120);
    private readonly SimWorld _world;
    private readonly DisassociateInfo _end;
    private readonly SimTransport _transport;
    private bool _awaitsGuest;

    // Frames that did not get through; null is the end of the stream.
    private readonly Queue<ByteString?> _held = new();
    private SimHandle _peer = null!;
    private TimeSpan _lastArrival;
    private bool _isOpen = true;

    private SimHandle(SimTransport from, Akka.Actor.Address remote)
        : base(from.Address, remote)
    {
        _transport = from;
        _awaitsGuest = from.IsGuest(remote);
        _end = _awaitsGuest ? DisassociateInfo.Shutdown : DisassociateInfo.Unknown;
        Process = from.Process;
        _world = from.Process.World;
        ReadHandlerSource = new TaskCompletionSource<IHandleEventListener>();
    }

    public SimProcess Process { get; }

    /// <summary>True at the end that dialled.</summary>
    public bool IsDialled { get; private init; }

    private bool IsCut => _world.Network.IsCut(Process, _peer.Process);

    public static (SimHandle Here, SimHandle There) Pair(SimTransport from, SimTransport to)
    {
        var (here, there) = (new SimHandle(from, to.Address) { IsDialled = true }, new SimHandle(to, from.Address));
        (here._peer, there._peer) = (there, here);
        from.Process.World.Network.Opened(here);
        from.Process.World.Network.Opened(there);
        return (here, there);
    }

    public override bool Write(ByteString payload)
    {
        if (!_isOpen) return false;
        Process.FramesSent++;
        Process.BytesSent += payload.Length;
        Process.LargestFrame = Math.Max(Process.LargestFrame, payload.Length);
        _world.Note("sent", Process, _peer.Process, payload.Length);
        var faults = _world.Network.Faults;
        if (faults.Breaks > 0 && _world.Random.NextDouble() < faults.Breaks) Break();
        else Send(payload, faults.Stalls > 0 && _world.Random.NextDouble() < faults.Stalls ? FirstRetry * _world.Random.Next(1, 8) : TimeSpan.Zero);
        return true;
    }

#pragma warning disable CS0672 // the published surface marks it obsolete and still demands it
    public override void Disassociate() => Close();
#pragma warning restore CS0672

    /// <summary>Frames written before still go out, then the end of the stream.</summary>
    public void Close()
    {
        if (!_isOpen) return;
        Forget();
        Send(null, TimeSpan.Zero);
    }

    /// <summary>The transport closes it by itself, and reports it.</summary>
    public void Abort()
    {
        if (!_isOpen) return;
        Lost();
        Send(null, TimeSpan.Zero);
    }

    // Something on the way lost track of the connection: either both ends are told, or one, and the other when it writes again.
    private void Break()
    {
        _world.Note("reset", Process, _peer.Process, 0);
        var told = _world.Random.Next(3);
        if (told != 1) _world.At(_world.Network.Delay(), Lost);
        if (told != 2) _world.At(_world.Network.Delay(), _peer.Lost);
    }

    private void Send(ByteString? frame, TimeSpan stall)
    {
        var arrival = _world.Now + _world.Network.Delay() + stall;
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        _world.At(_lastArrival - _world.Now, () => Pass(frame));
    }

    private void Pass(ByteString? frame)
    {
        if (_held.Count == 0 && !IsCut) Arrive(frame);
        else Hold(frame);
    }

    private void Hold(ByteString? frame)
    {
        _held.Enqueue(frame);
        if (_held.Count == 1) Retry(FirstRetry);
    }

    private void Retry(TimeSpan after) => _world.At(after, () =>
    {
        if (IsCut)
        {
            Retry(after * 2 < LongestRetry ? after * 2 : LongestRetry);
            return;
        }
        while (_held.TryDequeue(out var frame)) Arrive(frame);
    });

    private void Arrive(ByteString? frame)
    {
        if (_peer._isOpen) _peer.Receive(frame);
        else if (frame is not null) _world.At(_world.Network.Delay(), () => Reset(frame));
    }

    // If the reset does not get through, the frame that it answered is sent again.
    private void Reset(ByteString frame)
    {
        if (!_isOpen) return;
        if (IsCut) Hold(frame);
        else Lost();
    }

    private void Receive(ByteString? frame)
    {
        if (frame is null)
        {
            Lost();
            return;
        }
        _world.Ready(Process, () =>
        {
            _world.Note("came", _peer.Process, Process, frame.Length);
            if (_awaitsGuest)
            {
                _awaitsGuest = false;
                _transport.Greet(RemoteAddress);
            }
            WhenRead(listener => listener.Notify(new InboundPayload(frame)));
        });
    }

    private void Lost()
    {
        if (!_isOpen) return;
        Forget();
        _world.Ready(Process, () => WhenRead(listener => listener.Notify(new Disassociated(_end))));
    }

    private void Forget()
    {
        _isOpen = false;
        _world.Network.Closed(this);
    }

    private void WhenRead(Action<IHandleEventListener> then)
    {
        if (ReadHandlerSource.Task.IsCompletedSuccessfully) then(ReadHandlerSource.Task.Result);
        else ReadHandlerSource.Task.ContinueWith(t => then(t.Result), TaskContinuationOptions.ExecuteSynchronously);
    }
}
