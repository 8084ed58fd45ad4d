using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Akka.Remote's transport over the simulated network; the Akka protocol above it (handshake, heartbeats, acks) is the real one.</summary>
public sealed class SimTransport : Transport
{
    private readonly TaskCompletionSource<IAssociationEventListener> _upstream = new();

    public SimTransport(ActorSystem system, Akka.Configuration.Config config)
    {
        System = system;
        Config = config;
        Process = SimWorld.ProcessOf(system.Settings.Config);
        SchemeIdentifier = "sim";
        MaximumPayloadBytes = 16 << 20;
        Address = new Address("sim", system.Name, Process.Name, Process.Port);
    }

    internal SimProcess Process { get; }

    internal Address Address { get; }

    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        Process.World.Network.Listen(this);
        return Task.FromResult((Address, _upstream));
    }

    public override bool IsResponsibleFor(Address remote) => true;

    public override Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var (world, network) = (Process.World, Process.World.Network);
        var opened = new TaskCompletionSource<AssociationHandle>();
        var target = network.ListenerAt(remoteAddress);
        if (target is not null && network.IsCut(Process, target.Process)) target = null;
        world.At(network.Delay(), Process, () =>
        {
            // Who listened when the attempt began may have died since, and another life have its address.
            if (target is null || network.ListenerAt(remoteAddress) != target || !target._upstream.Task.IsCompleted)
            {
                opened.SetException(new InvalidAssociationException($"nobody listens at {remoteAddress}"));
                return;
            }
            var (here, there) = SimHandle.Pair(this, target);
            world.At(network.Delay(), target.Process, () => target._upstream.Task.Result.Notify(new InboundAssociation(there)));
            opened.SetResult(here);
        });
        return opened.Task;
    }

    public override Task<bool> Shutdown() => Task.FromResult(true);

    public override Task<bool> ManagementCommand(object message) => Task.FromResult(false);
}

/// <summary>One end of a connection.</summary>
internal sealed class SimHandle : AssociationHandle
{
    private readonly SimWorld _world;
    private SimHandle _peer = null!;
    private TimeSpan _lastArrival;
    private bool _isOpen = true;

    private SimHandle(SimTransport from, Address remote)
        : base(from.Address, remote)
    {
        Process = from.Process;
        _world = from.Process.World;
        ReadHandlerSource = new TaskCompletionSource<IHandleEventListener>();
    }

    public SimProcess Process { get; }

    public static (SimHandle Here, SimHandle There) Pair(SimTransport from, SimTransport to)
    {
        var (here, there) = (new SimHandle(from, to.Address), new SimHandle(to, from.Address));
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
        var network = _world.Network;
        var faults = network.Faults;
        if (network.IsCut(Process, _peer.Process) || _world.Random.NextDouble() < faults.Loss)
        {
            _world.Note($"lost {Process.Name}>{_peer.Process.Name} {payload.Length}");
            return true;
        }
        var bytes = ByteString.CopyFrom(payload.Span);
        Carry(bytes, _world.Random.NextDouble() < faults.Reorder);
        if (_world.Random.NextDouble() < faults.Duplication) Carry(bytes, overtaken: true);
        return true;
    }

#pragma warning disable CS0672 // the published surface marks it obsolete and still demands it
    public override void Disassociate()
#pragma warning restore CS0672
    {
        if (!_isOpen) return;
        Close();
        if (!_world.Network.IsCut(Process, _peer.Process)) _world.At(_world.Network.Delay(), _peer.Process, () => _peer.Lost());
    }

    /// <summary>The process died: its peer sees the connection break, if the network lets it.</summary>
    public void Break()
    {
        Close();
        if (!_world.Network.IsCut(Process, _peer.Process)) _world.At(_world.Network.Delay(), _peer.Process, () => _peer.Lost());
    }

    // In order, unless the frame is one that others overtake.
    private void Carry(ByteString bytes, bool overtaken)
    {
        var arrival = _world.Now + _world.Network.Delay();
        if (overtaken) arrival += _world.Network.Delay() * 4;
        else arrival = _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        _world.Note($"sent {Process.Name}>{_peer.Process.Name} {bytes.Length}");
        _world.At(arrival - _world.Now, _peer.Process, () => _peer.Arrived(bytes));
    }

    private void Arrived(ByteString bytes)
    {
        if (!_isOpen) return;
        _world.Note($"came {_peer.Process.Name}>{Process.Name} {bytes.Length}");
        WhenRead(listener => listener.Notify(new InboundPayload(bytes)));
    }

    private void Lost()
    {
        if (!_isOpen) return;
        Close();
        WhenRead(listener => listener.Notify(new Disassociated(DisassociateInfo.Unknown)));
    }

    private void Close()
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
