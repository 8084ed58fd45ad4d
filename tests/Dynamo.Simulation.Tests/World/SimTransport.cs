using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using Dynamo.Remoting;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Akka.Remote's transport over the simulated network; the Akka protocol above it (handshake, heartbeats, acks) is the real one.</summary>
public sealed class SimTransport : Transport
{
    // As a kernel retries a SYN.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource<IAssociationEventListener> _upstream = new();
    private readonly HashSet<SimDial> _dials = [];
    private readonly IList<string> _dialOnly;

    public SimTransport(ActorSystem system, Akka.Configuration.Config config)
    {
        System = system;
        Config = config;
        _dialOnly = system.Settings.Config.GetStringList("akka.remote.dot-netty.tcp.dial-only", []);
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

    /// <summary>The system is not dialled (dial-only), as in the product's transport.</summary>
    internal bool IsGuest(Address remote) => _dialOnly.Count > 0 && !_dialOnly.Contains(remote.System);

    /// <summary>A guest connects: its earlier connection, if any, is forgotten, as in the product's transport.</summary>
    internal void Greet(Address guest) =>
        ((IRemoteActorRefProvider)((ExtendedActorSystem)System).Provider).Transport.Quarantine(guest.WithProtocol($"akka.{guest.Protocol}"), uid: null);

    public override bool IsResponsibleFor(Address remote) => true;

    public override Task<AssociationHandle> Associate(Address remoteAddress)
    {
        if (IsGuest(remoteAddress))
        {
            Process.World.Network.CloseInbound(Process, remoteAddress);
            return Task.FromException<AssociationHandle>(new InvalidAssociationException($"{remoteAddress.System} is not dialled"));
        }
        var dial = new SimDial(remoteAddress, Process.World.Now + Config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(5)));
        _dials.Add(dial);
        Process.Dials++;
        Knock(dial, FirstRetry);
        return dial.Done.Task;
    }

    public override Task<bool> Shutdown() => Task.FromResult(true);

    /// <summary>
    /// <see cref="ForceDisassociate"/> closes the connections dialled to an address, and gives up dials in progress. <see cref="DialCheck"/> is answered at once.
    /// </summary>
    public override Task<bool> ManagementCommand(object message)
    {
        if (message is DialCheck check)
        {
            var network = Process.World.Network;
            check.Answer(network.ListenerAt(check.Address) is not null && !network.IsCut(Process, network.MachineAt(check.Address)));
            return Task.FromResult(true);
        }
        if (Process.World.KeepsLinks || message is not ForceDisassociate { Address: var remote }) return Task.FromResult(false);
        Process.World.Note($"renew {Process.Name}>{remote.Host}");
        foreach (var dial in _dials.Where(d => d.Remote.Host == remote.Host && d.Remote.Port == remote.Port).ToArray()) Fail(dial, "given up");
        Process.World.Network.CloseDialled(Process, remote);
        return Task.FromResult(true);
    }

    // Retries what a cut swallows until somebody answers: the listener, or the machine when nobody listens there.
    private void Knock(SimDial dial, TimeSpan retry)
    {
        var (world, network, life) = (Process.World, Process.World.Network, Process.Life);
        world.At(network.Delay(), () =>
        {
            if (Process.Life != life || dial.Done.Task.IsCompleted) return;
            if (network.IsCut(Process, network.MachineAt(dial.Remote)))
            {
                if (world.Now + retry < dial.Limit) world.At(retry, () => Knock(dial, retry * 2));
                else world.At(dial.Limit - world.Now, Process, () => Fail(dial, "no answer"));
                return;
            }
            var target = network.ListenerAt(dial.Remote);
            if (target is null || !target._upstream.Task.IsCompleted)
            {
                world.At(network.Delay(), Process, () => Fail(dial, "nobody listens"));
                return;
            }
            var (here, there) = SimHandle.Pair(this, target);
            world.Ready(target.Process, () => target._upstream.Task.Result.Notify(new InboundAssociation(there)));
            world.At(network.Delay(), Process, () =>
            {
                _dials.Remove(dial);
                if (!dial.Done.TrySetResult(here)) here.Close();
            });
        });
    }

    private void Fail(SimDial dial, string why)
    {
        _dials.Remove(dial);
        dial.Done.TrySetException(new InvalidAssociationException($"{why} at {dial.Remote}"));
    }
}

/// <summary>An attempt to connect.</summary>
internal sealed class SimDial(Address remote, TimeSpan limit)
{
    public Address Remote { get; } = remote;

    public TimeSpan Limit { get; } = limit;

    public TaskCompletionSource<AssociationHandle> Done { get; } = new();
}
