using System.Diagnostics.CodeAnalysis;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

/// <summary>What the runtime needs of a reference besides <see cref="IActorRef"/>.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    IInternalActorRef Parent { get; }

    IActorRefProvider Provider { get; }

    bool IsTerminated { get; }

    /// <summary>The descendant that the names lead to; ".." leads up, and <see cref="Nobody"/> is who is not there.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    void Resume(Exception? causedByFailure = null);

    void Start();

    void Stop();

    void Restart(Exception cause);

    void Suspend();

    void SendSystemMessage(ISystemMessage message);
}

public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef sender) => TellInternal(message, sender);

    public virtual ISurrogate ToSurrogate(ActorSystem system) =>
        new Surrogate(Akka.Serialization.Serialization.SerializedActorPath(this));

    public override string ToString() => Path.Uid == 0 ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";

    public bool Equals(IActorRef? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        return other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path);
    }

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => Path.Uid != 0 ? Path.Uid.GetHashCode() : Path.GetHashCode();

    public int CompareTo(IActorRef? other)
    {
        if (ReferenceEquals(this, other))
            return 0;
        if (other is null)
            return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object? obj) =>
        obj is null or IActorRef ? CompareTo(obj as IActorRef) : throw new ArgumentException("Object must be of type IActorRef.", nameof(obj));

    protected abstract void TellInternal(object message, IActorRef sender);

    public class Surrogate : ISurrogate
    {
        public Surrogate(string path) => Path = path;

        public string Path { get; }

        public ISurrogated FromSurrogate(ActorSystem system) => ((ExtendedActorSystem)system).Provider.ResolveActorRef(Path);
    }
}

public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    public abstract IInternalActorRef Parent { get; }

    public abstract IActorRefProvider Provider { get; }

    public abstract bool IsTerminated { get; }

    public abstract bool IsLocal { get; }

    public abstract IActorRef GetChild(IReadOnlyList<string> name);

    public abstract void Resume(Exception? causedByFailure = null);

    public abstract void Start();

    public abstract void Stop();

    public abstract void Restart(Exception cause);

    public abstract void Suspend();

    public abstract void SendSystemMessage(ISystemMessage message);
}

/// <summary>A reference that has no actor behind it: it takes what it is told and does nothing more.</summary>
public abstract class MinimalActorRef : InternalActorRefBase, ILocalRef
{
    public override IInternalActorRef Parent => ActorRefs.Nobody;

    public override bool IsLocal => true;

    public override bool IsTerminated => false;

    public override IActorRef GetChild(IReadOnlyList<string> name) =>
        name.All(string.IsNullOrEmpty) ? this : ActorRefs.Nobody;

    public override void Suspend()
    {
    }

    public override void Resume(Exception? causedByFailure = null)
    {
    }

    public override void Start()
    {
    }

    public override void Stop()
    {
    }

    public override void Restart(Exception cause)
    {
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
    }
}

/// <summary>Who is not there.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private Nobody()
    {
    }

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/Nobody");

    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody does not provide");

    public override ISurrogate ToSurrogate(ActorSystem system) => NobodySurrogate.Instance;

    private sealed class NobodySurrogate : ISurrogate
    {
        public static readonly NobodySurrogate Instance = new();

        public ISurrogated FromSurrogate(ActorSystem system) => Nobody.Instance;
    }
}

public static class ActorRefs
{
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>Null: a message told without a sender is answered to dead letters.</summary>
    public static readonly IActorRef NoSender = null!;
}

public static class ActorRefExtensions
{
    public static bool IsNobody([NotNullWhen(false)] this IActorRef? actorRef) => actorRef is null or Nobody;

    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef;
}

public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells with the actor whose turn it is as the sender, or without one outside of actors.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSelfOrNoSender());

    /// <summary>Tells with the sender of the message that is being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSenderOrNoSender());
}
