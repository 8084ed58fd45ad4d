using Akka.Actor;
using Akka.Dispatch;
using Akka.Remote;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// An address that could not be reached is not tried again for a while, which Akka.Remote counts by the wall clock and no setting changes. Each new gate is
/// held shut, and opened in virtual time.
/// </summary>
internal sealed class RetryGates
{
    private readonly SimProcess _process;
    private readonly TimeSpan _closedFor;
    private readonly Mailbox _mailbox;
    private readonly object _registry;

    public RetryGates(SimProcess process, ActorSystem system)
    {
        var manager = Internals.EndpointManager(system);
        (_process, _mailbox, _registry) = (process, manager.Mailbox!, Internals.RegistryOf(manager));
        _closedFor = system.Settings.Config.GetTimeSpan("akka.remote.retry-gate-closed-for");
    }

    /// <summary>Gates are closed in the turns of one actor: the turn with a look after it, or nothing if it is another actor's.</summary>
    public Action? Watching(IRunnable turn) => !ReferenceEquals(turn, _mailbox) ? null : () =>
    {
        turn.Run();
        foreach (var gate in Internals.Gates(_registry)) Hold(gate);
    };

    private void Hold(Deadline gate)
    {
        if (gate.When == DateTime.MaxValue) return;
        if (gate.When == DateTime.MinValue) return;
        Internals.When(gate) = DateTime.MaxValue;
        _process.World.At(_closedFor, _process, () => Internals.When(gate) = DateTime.MinValue);
    }
}
