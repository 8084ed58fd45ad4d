using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.SysMsg;

public interface ISystemMessage : INoSerializationVerificationNeeded
{
}

/// <summary>Kept back while the actor waits for its children to stop, and handled after.</summary>
internal interface IStashWhenWaitingForChildren
{
}

/// <summary>Kept back while the actor has failed and its supervisor has not decided yet.</summary>
internal interface IStashWhenFailed
{
}

/// <summary>
/// What the runtime tells an actor past its mailbox's user messages. A message is a link of the mailbox's
/// system queue itself, so an instance is sent once.
/// </summary>
public abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next { get; set; }

    public bool Unlinked => Next is null;

    public void Unlink() => Next = null;
}

/// <summary>Marks the system queue of a mailbox that is closed.</summary>
public sealed class NoMessage : SystemMessage
{
    public override string ToString() => "NoMessage";
}

public sealed class Create : SystemMessage
{
    public Create(ActorInitializationException? failure = null) => Failure = failure!;

    public ActorInitializationException Failure { get; }

    public override bool Equals(object? obj) => obj is Create other && Equals(Failure, other.Failure);

    public override int GetHashCode() => Failure?.GetHashCode() ?? 0;

    public override string ToString() => $"<Create>: {Failure}";
}

public sealed class Recreate : SystemMessage, IStashWhenWaitingForChildren
{
    public Recreate(Exception cause) => Cause = cause;

    public Exception Cause { get; }

    public override string ToString() => $"<Recreate>: {Cause}";
}

public sealed class Suspend : SystemMessage, IStashWhenWaitingForChildren
{
    public override string ToString() => "<Suspend>";
}

public sealed class Resume : SystemMessage, IStashWhenWaitingForChildren
{
    public Resume(Exception? causedByFailure) => CausedByFailure = causedByFailure!;

    public Exception CausedByFailure { get; set; }

    public override string ToString() => $"<Resume>: {CausedByFailure}";
}

public sealed class Terminate : SystemMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    public override string ToString() => "<Terminate>";
}

public sealed class Supervise : SystemMessage
{
    public Supervise(IActorRef child, bool async)
    {
        Child = child;
        Async = async;
    }

    public IActorRef Child { get; }

    public bool Async { get; }

    public override string ToString() => $"<Supervise>: {Child}, Async={Async}";
}

public class Watch : SystemMessage
{
    public Watch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        Watchee = watchee;
        Watcher = watcher;
    }

    public IInternalActorRef Watchee { get; }

    public IInternalActorRef Watcher { get; }

    public override bool Equals(object? obj) => obj is Watch other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Watchee, Watcher);

    public override string ToString() => $"<Watch>: {Watcher} -> {Watchee}";

    protected bool Equals(Watch other) => Equals(Watchee, other.Watchee) && Equals(Watcher, other.Watcher);
}

public sealed class Unwatch : SystemMessage
{
    public Unwatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        Watchee = watchee;
        Watcher = watcher;
    }

    public IInternalActorRef Watchee { get; }

    public IInternalActorRef Watcher { get; }

    public override bool Equals(object? obj) =>
        obj is Unwatch other && Equals(Watchee, other.Watchee) && Equals(Watcher, other.Watcher);

    public override int GetHashCode() => HashCode.Combine(Watchee, Watcher);

    public override string ToString() => $"<Unwatch>: {Watcher} -> {Watchee}";
}

public sealed class Failed : SystemMessage, IStashWhenFailed
{
    public Failed(IActorRef child, Exception cause, long uid)
    {
        Child = child;
        Cause = cause;
        Uid = uid;
    }

    public IActorRef Child { get; }

    public Exception Cause { get; }

    public long Uid { get; }

    public override string ToString() => $"<Failed>: {Child} ({Uid}) {Cause}";
}

public sealed class DeathWatchNotification : SystemMessage, IDeadLetterSuppression
{
    public DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        Actor = actor;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    public IActorRef Actor { get; }

    public bool AddressTerminated { get; }

    public bool ExistenceConfirmed { get; }

    public override string ToString() =>
        $"<DeathWatchNotification>: {Actor}, ExistenceConfirmed={ExistenceConfirmed}, AddressTerminated={AddressTerminated}";
}

/// <summary>A step of an actor's asynchronous handler, to be run in the actor's turn.</summary>
public sealed class ActorTask : SystemMessage
{
    public ActorTask(Task task) => Task = task;

    public Task Task { get; }
}

public sealed class RegisterTerminationHook
{
    private RegisterTerminationHook()
    {
    }

    public static RegisterTerminationHook Instance { get; } = new();

    public override string ToString() => "<RegisterTerminationHook>";
}

public sealed class TerminationHook
{
    private TerminationHook()
    {
    }

    public static TerminationHook Instance { get; } = new();

    public override string ToString() => "<TerminationHook>";
}

public sealed class TerminationHookDone
{
    private TerminationHookDone()
    {
    }

    public static TerminationHookDone Instance { get; } = new();

    public override string ToString() => "<TerminationHookDone>";
}

public sealed class StopChild
{
    public StopChild(IActorRef child) => Child = child;

    public IActorRef Child { get; }

    public override string ToString() => $"<StopChild> {Child}";
}
