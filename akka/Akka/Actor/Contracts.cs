using Akka.Dispatch;
using Akka.Util;

namespace Akka.Actor;

public interface ICanTell
{
    void Tell(object message, IActorRef sender);
}

/// <summary>A handle on an actor, here or elsewhere, alive or not.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, ISurrogated, IComparable
{
    ActorPath Path { get; }
}

public interface IActorRefScope
{
    bool IsLocal { get; }
}

/// <summary>What a reference that the process knows all about promises.</summary>
internal interface ILocalRef : IActorRefScope
{
}

public interface IRepointableRef : IActorRefScope
{
    bool IsStarted { get; }
}

public interface IActorRefFactory
{
    IActorRef ActorOf(Props props, string? name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}

public interface ICanWatch
{
    IActorRef Watch(IActorRef subject);

    IActorRef WatchWith(IActorRef subject, object message);

    IActorRef Unwatch(IActorRef subject);
}

public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }

    Props Props { get; }

    IActorRef Sender { get; }

    ActorSystem System { get; }

    IActorRef Parent { get; }

    MessageDispatcher Dispatcher { get; }

    TimeSpan? ReceiveTimeout { get; }

    void Become(Receive receive);

    void BecomeStacked(Receive receive);

    void UnbecomeStacked();

    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();

    void SetReceiveTimeout(TimeSpan? timeout);

    void Stop(IActorRef child);
}

public interface IUntypedActorContext : IActorContext
{
    void Become(UntypedReceive receive);

    void BecomeStacked(UntypedReceive receive);
}

/// <summary>Handles a message; false says that it was not handled.</summary>
public delegate bool Receive(object message);

public delegate void UntypedReceive(object message);

public interface IInternalActor
{
    IActorContext ActorContext { get; }
}

/// <summary>A message the runtime itself acts on before, or instead of, the actor.</summary>
public interface IAutoReceivedMessage
{
}

/// <summary>A message that a node does not take from others unless told to.</summary>
public interface IPossiblyHarmful
{
}

public interface INoSerializationVerificationNeeded
{
}

/// <summary>A message that does not put off the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout
{
}

public interface IWrappedMessage
{
    object Message { get; }
}

public static class WrappedMessage
{
    public static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped)
            message = wrapped.Message;
        return message;
    }
}

public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}
