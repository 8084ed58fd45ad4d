using Akka.Event;

namespace Akka.Actor;

/// <summary>Stops the actor when its turn comes in the mailbox.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    public static PoisonPill Instance { get; } = new();

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with an <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    private Kill()
    {
    }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

/// <summary>Asks any actor for an <see cref="ActorIdentity"/> that carries the same id.</summary>
public sealed class Identify : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    public Identify(object? messageId) => MessageId = messageId!;

    public object MessageId { get; }

    public override bool Equals(object? obj) => obj is Identify other && Equals(MessageId, other.MessageId);

    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;

    public override string ToString() => $"<Identify>: {MessageId ?? "null"}";
}

public sealed class ActorIdentity
{
    public ActorIdentity(object? messageId, IActorRef? subject)
    {
        MessageId = messageId!;
        Subject = subject!;
    }

    public object MessageId { get; }

    /// <summary>Null when nobody lives there.</summary>
    public IActorRef Subject { get; }

    public override bool Equals(object? obj) =>
        obj is ActorIdentity other && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    public override int GetHashCode() => HashCode.Combine(MessageId, Subject);

    public override string ToString() => $"<ActorIdentity> MessageId: {MessageId}, Subject: {Subject}";
}

/// <summary>Tells a watcher that an actor has died, or that the node it lives on is given up.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded, IEquatable<Terminated>
{
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    public IActorRef ActorRef { get; }

    public bool AddressTerminated { get; }

    public bool ExistenceConfirmed { get; }

    public bool Equals(Terminated? other) =>
        other is not null && Equals(ActorRef, other.ActorRef)
        && AddressTerminated == other.AddressTerminated && ExistenceConfirmed == other.ExistenceConfirmed;

    public override bool Equals(object? obj) => Equals(obj as Terminated);

    public override int GetHashCode() => HashCode.Combine(ActorRef, AddressTerminated, ExistenceConfirmed);

    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Nothing came to the actor for as long as it had set.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    public static ReceiveTimeout Instance { get; } = new();
}

public abstract class Status
{
    public sealed class Success : Status
    {
        public static readonly Success Instance = new(null);

        public readonly object Status;

        public Success(object? status) => Status = status!;

        public override string ToString() => $"Success: {Status ?? "null"}";
    }

    public sealed class Failure : Status
    {
        public readonly Exception Cause;

        public readonly object State;

        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state!;
        }

        public override string ToString() => $"Failure: {Cause}";
    }
}
