using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Messages an actor has put aside, to take them up again, in their order, before what is in the mailbox.</summary>
public interface IStash
{
    int Count { get; }

    bool IsEmpty { get; }

    bool NonEmpty { get; }

    bool IsFull { get; }

    /// <summary>Negative for no limit.</summary>
    int Capacity { get; }

    /// <summary>Puts the current message aside.</summary>
    /// <exception cref="IllegalActorStateException">It has been put aside already.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    void UnstashAll();

    /// <summary>Gives back only those that fit; the others are forgotten.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    void Unstash();

    IEnumerable<Envelope> ClearStash();

    void Prepend(IEnumerable<Envelope> envelopes);
}

public interface IActorStash
{
    IStash Stash { get; set; }
}

public interface IWithUnrestrictedStash : IActorStash
{
}

public interface IWithStash : IWithUnrestrictedStash, IRequiresMessageQueue<IDequeBasedMessageQueueSemantics>
{
}

public interface IWithUnboundedStash : IWithUnrestrictedStash, IRequiresMessageQueue<IUnboundedDequeBasedMessageQueueSemantics>
{
}

public interface IWithBoundedStash : IWithUnrestrictedStash, IRequiresMessageQueue<IBoundedDequeBasedMessageQueueSemantics>
{
}

public static class StashFactory
{
    public static IStash CreateStash<T>(this IActorContext context)
        where T : ActorBase => context.CreateStash(typeof(T));

    public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) => context.CreateStash(actorInstance.GetType());

    public static IStash CreateStash(this IActorContext context, Type actorType)
    {
        if (actorType.IsAssignableTo(typeof(IWithBoundedStash)))
            return new BoundedStashImpl(context);
        if (actorType.IsAssignableTo(typeof(IWithUnrestrictedStash)))
            return new UnboundedStashImpl(context);
        throw new ArgumentException($"Actor {actorType} implements an unrecognized subclass of {typeof(IActorStash)}", nameof(actorType));
    }
}
