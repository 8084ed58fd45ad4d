using Akka.Actor;
using Akka.Dispatch;
using Akka.Remote;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// For a while, Akka.Remote does not retry an address that it could not reach, and refuses a past incarnation of a peer. It measures
/// both by the wall clock, and no setting changes that. Each new gate is held shut, and opened in virtual time.
/// </summary>
internal sealed class RetryGates
{
    private readonly SimProcess _process;
    private readonly TimeSpan _closedFor;
    private readonly TimeSpan _refusedFor;
    private readonly Mailbox _mailbox;
    private readonly object _registry;

    public RetryGates(SimProcess process, ActorSystem system)
    {
        var manager = Internals.EndpointManager(system);
        (_process, _mailbox, _registry) = (process, manager.Mailbox!, Internals.RegistryOf(manager));
        _closedFor = system.Settings.Config.GetTimeSpan("akka.remote.retry-gate-closed-for");
        _refusedFor = system.Settings.Config.GetTimeSpan("akka.remote.prune-quarantine-marker-after");
    }

    /// <summary>Gates are shut in the turns of one actor: returns its turn followed by a check, or null for another actor's.</summary>
    public Action? Watching(IRunnable turn) => !ReferenceEquals(turn, _mailbox) ? null : () =>
    {
        turn.Run();
        foreach (var gate in Internals.Gates(_registry)) Hold(gate, _closedFor);
        foreach (var refusal in Internals.Quarantines(_registry)) Hold(refusal, _refusedFor);
    };

    private void Hold(Deadline gate, TimeSpan shut)
    {
        if (gate.When == DateTime.MaxValue || gate.When == DateTime.MinValue) return;
        Internals.When(gate) = DateTime.MaxValue;
        _process.World.At(shut, _process, () => Internals.When(gate) = DateTime.MinValue);
    }
}
