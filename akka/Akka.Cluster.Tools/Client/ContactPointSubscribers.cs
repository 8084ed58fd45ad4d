using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>The contact points a client knows, and who wants to be told of changes.</summary>
internal sealed class ContactPointSubscribers
{
    private readonly HashSet<IActorRef> _subscribers = [];
    private ImmutableHashSet<ActorPath> _paths = [];

    public void Replace(ImmutableHashSet<ActorPath> paths, IActorRef self)
    {
        var changes = paths.Except(_paths).Select(p => (object)new ContactPointAdded(p))
            .Concat(_paths.Except(paths).Select(p => new ContactPointRemoved(p)))
            .ToList();
        _paths = paths;
        foreach (var subscriber in _subscribers)
            foreach (var change in changes)
                subscriber.Tell(change, self);
    }

    /// <returns>Whether the message was about contact points.</returns>
    public bool Receive(object message, IActorRef sender, IActorContext context)
    {
        switch (message)
        {
            case ISubscribeContactPoints:
                sender.Tell(new ContactPoints(_paths), context.Self);
                if (_subscribers.Add(sender)) context.Watch(sender);
                return true;
            case IUnsubscribeContactPoints:
                Remove(sender, context);
                return true;
            case Terminated terminated:
                Remove(terminated.ActorRef, context);
                return true;
            case IGetContactPoints:
                sender.Tell(new ContactPoints(_paths), context.Self);
                return true;
            default:
                return false;
        }
    }

    private void Remove(IActorRef subscriber, IActorContext context)
    {
        if (_subscribers.Remove(subscriber)) context.Unwatch(subscriber);
    }
}
