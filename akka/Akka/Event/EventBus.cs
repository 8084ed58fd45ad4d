using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Who wants events of which class.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
{
    private readonly Lock _lock = new();
    private readonly List<(TClassifier Channel, TSubscriber Subscriber)> _subscriptions = [];
    private readonly ConcurrentDictionary<TClassifier, TSubscriber[]> _subscribersByClass = new();

    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            if (_subscriptions.Any(each => Equals(each.Channel, classifier) && Equals(each.Subscriber, subscriber)))
                return false;
            _subscriptions.Add((classifier, subscriber));
            _subscribersByClass.Clear();
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber) => Remove(each => Equals(each.Subscriber, subscriber));

    /// <summary>Takes a subscriber off a class and those below it.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) =>
        Remove(each => Equals(each.Subscriber, subscriber) && IsSubClassification(classifier, each.Channel));

    public virtual void Publish(TEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        BeforePublish(@event);
        var classifier = GetClassifier(@event);
        if (!_subscribersByClass.TryGetValue(classifier, out var subscribers))
            subscribers = SubscribersOf(classifier);
        foreach (var subscriber in subscribers)
            Publish(@event, subscriber);
    }

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    private protected virtual void BeforePublish(TEvent @event)
    {
    }

    private TSubscriber[] SubscribersOf(TClassifier classifier)
    {
        lock (_lock)
        {
            TSubscriber[] subscribers = [.. _subscriptions.Where(each => IsSubClassification(each.Channel, classifier)).Select(each => each.Subscriber).Distinct()];
            _subscribersByClass[classifier] = subscribers;
            return subscribers;
        }
    }

    private bool Remove(Predicate<(TClassifier Channel, TSubscriber Subscriber)> match)
    {
        lock (_lock)
        {
            if (_subscriptions.RemoveAll(match) == 0)
                return false;
            _subscribersByClass.Clear();
            return true;
        }
    }
}

public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
    where TClassifier : notnull
{
}
