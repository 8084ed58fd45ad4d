using Akka.Actor;
using Akka.Remote.Transport;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Akka.Remote's transport over the simulated network; the Akka protocol above it (handshake, heartbeats, acks) is the real one.</summary>
public sealed class SimTransport : Transport
{
    // As a kernel sends a SYN again, and as long as a transport waits for the answer.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
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
        var dial = new TaskCompletionSource<AssociationHandle>();
        Knock(remoteAddress, dial, Process.Life, Process.World.Now + Patience, FirstRetry);
        return dial.Task;
    }

    public override Task<bool> Shutdown() => Task.FromResult(true);

    public override Task<bool> ManagementCommand(object message) => Task.FromResult(false);

    // What a cut swallows is sent again, until somebody answers: the listener, or the machine when nobody listens there.
    private void Knock(Address remote, TaskCompletionSource<AssociationHandle> dial, int life, TimeSpan limit, TimeSpan retry)
    {
        var (world, network) = (Process.World, Process.World.Network);
        world.At(network.Delay(), () =>
        {
            var target = network.ListenerAt(remote);
            if (network.IsCut(Process, network.MachineAt(remote)))
            {
                if (world.Now + retry < limit) world.At(retry, () => Knock(remote, dial, life, limit, retry * 2));
                else world.At(limit - world.Now, Process, () => dial.SetException(new InvalidAssociationException($"no answer from {remote}")));
                return;
            }
            if (target is null || !target._upstream.Task.IsCompleted || Process.Life != life)
            {
                world.At(network.Delay(), Process, () => dial.SetException(new InvalidAssociationException($"nobody listens at {remote}")));
                return;
            }
            var (here, there) = SimHandle.Pair(this, target);
            world.Ready(target.Process, () => target._upstream.Task.Result.Notify(new InboundAssociation(there)));
            world.At(network.Delay(), Process, () => dial.SetResult(here));
        });
    }
}
