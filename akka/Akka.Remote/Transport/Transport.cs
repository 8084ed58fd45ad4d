using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Google.Protobuf;

namespace Akka.Remote.Transport;

/// <summary>
/// Moves payloads between actor systems. An implementation is named by a setting <c>transport-class</c> and needs a constructor
/// <c>(ActorSystem, Config)</c>; it promises order within an association, and nothing about delivery.
/// </summary>
public abstract class Transport
{
    protected Transport()
    {
        Config = null!;
        System = null!;
        SchemeIdentifier = null!;
    }

    public Config Config { get; protected set; }

    public ActorSystem System { get; protected set; }

    /// <summary>The protocol of this transport's addresses, as <c>tcp</c>.</summary>
    public virtual string SchemeIdentifier { get; protected set; }

    public virtual long MaximumPayloadBytes { get; protected set; }

    /// <summary>
    /// Starts to listen. The task gives the address others reach this system at, and a promise for the listener that the layer
    /// above fulfils.
    /// </summary>
    public abstract Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen();

    public abstract bool IsResponsibleFor(Address remote);

    public abstract Task<AssociationHandle> Associate(Address remoteAddress);

    public abstract Task<bool> Shutdown();

    /// <summary>A command of the transport's own making; false where it is not understood.</summary>
    public virtual Task<bool> ManagementCommand(object message) => Task.FromResult(false);
}

/// <summary>One link between two systems, usable both ways.</summary>
public abstract class AssociationHandle
{
    protected AssociationHandle(Address localAddress, Address remoteAddress)
    {
        LocalAddress = localAddress;
        RemoteAddress = remoteAddress;
        ReadHandlerSource = new TaskCompletionSource<IHandleEventListener>();
    }

    public Address LocalAddress { get; protected set; }

    public Address RemoteAddress { get; protected set; }

    /// <summary>Fulfilled by the user of the handle; before that nothing is read, or it is kept.</summary>
    public TaskCompletionSource<IHandleEventListener> ReadHandlerSource { get; protected set; }

    /// <summary>Sends one payload, in the order of the calls; false: it was not taken.</summary>
    public abstract bool Write(ByteString payload);

    /// <summary>Closes the link; what was written before is still sent if the peer takes it.</summary>
    public abstract void Disassociate();

    public void Disassociate(string reason, ILoggingAdapter log)
    {
        if (log.IsDebugEnabled)
            log.Debug("Association between local [{0}] and remote [{1}] was disassociated because {2}", LocalAddress, RemoteAddress, reason);
        Disassociate();
    }

    public override bool Equals(object? obj) => obj is AssociationHandle other && other.GetType() == GetType() && Equals(other);

    protected bool Equals(AssociationHandle other) => Equals(LocalAddress, other.LocalAddress) && Equals(RemoteAddress, other.RemoteAddress);

    public override int GetHashCode() => HashCode.Combine(LocalAddress, RemoteAddress);
}

public interface IAssociationEventListener
{
    void Notify(IAssociationEvent ev);
}

public interface IHandleEventListener
{
    void Notify(IHandleEvent ev);
}

/// <summary>Passes a transport's events on to an actor.</summary>
public sealed class ActorAssociationEventListener(IActorRef actor) : IAssociationEventListener
{
    public IActorRef Actor { get; } = actor;

    public void Notify(IAssociationEvent ev) => Actor.Tell(ev);
}

/// <summary>Passes a link's events on to an actor.</summary>
public sealed class ActorHandleEventListener(IActorRef actor) : IHandleEventListener
{
    public readonly IActorRef Actor = actor;

    public void Notify(IHandleEvent ev) => Actor.Tell(ev);
}

/// <summary>Wraps another transport, named by a setting <c>applied-adapters</c>.</summary>
public interface ITransportAdapterProvider
{
    Transport Create(Transport wrappedTransport, ExtendedActorSystem system);
}
