using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

// Whom this actor watches, and who watches it.
public partial class ActorCell
{
    /// <summary>The watched, each with the message to send instead of <see cref="Terminated"/>, if any.</summary>
    private Dictionary<IActorRef, object?>? _watching;
    private HashSet<IActorRef>? _watchedBy;
    private Dictionary<IActorRef, object?>? _terminatedQueued;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (!subject.Equals(_self))
        {
            if (_watching?.Remove(subject) == true)
                ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
            _terminatedQueued?.Remove(subject);
        }

        return subject;
    }

    /// <summary>Expects a <see cref="Terminated"/> that is on its way to this actor, again.</summary>
    public void TerminatedQueuedFor(IActorRef subject, Option<object> customTerminatedMessage) =>
        (_terminatedQueued ??= [])[subject] = customTerminatedMessage.HasValue ? customTerminatedMessage.Value : null;

    protected internal void ReceivedTerminated(Terminated terminated)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(terminated.ActorRef, out var message))
            return;
        if (message is null)
        {
            ReceiveMessage(terminated);
            return;
        }

        _currentMessage = message;
        ReceiveMessage(message);
    }

    protected internal void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        if (_watching is not null && _watching.Remove(actor, out var message) && !IsTerminating)
        {
            (_terminatedQueued ??= [])[actor] = message;
            SelfInternal.Tell(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
        }

        if (IsChild(actor))
            HandleChildTerminated(actor);
    }

    protected void AddWatcher(IActorRef watchee, IActorRef watcher)
    {
        var watchesThis = watchee.Equals(_self);
        if (watchesThis && !watcher.Equals(_self))
            (_watchedBy ??= []).Add(watcher);
        else if (!watchesThis && watcher.Equals(_self))
            Watch(watchee);
    }

    protected void RemWatcher(IActorRef watchee, IActorRef watcher)
    {
        var watchesThis = watchee.Equals(_self);
        if (watchesThis && !watcher.Equals(_self))
            _watchedBy?.Remove(watcher);
        else if (!watchesThis && watcher.Equals(_self))
            Unwatch(watchee);
    }

    /// <summary>Forgets the watchers on a node that is gone; those it watched there are reported to it one by one.</summary>
    protected void AddressTerminated(Address address)
    {
        _watchedBy?.RemoveWhere(watcher => watcher.Path.Address.Equals(address));
        foreach (var watched in _watching?.Keys.Where(watched => watched.Path.Address.Equals(address)).ToArray() ?? [])
            _self.SendSystemMessage(new DeathWatchNotification(watched, existenceConfirmed: IsChild(watched), addressTerminated: true));
    }

    protected void TellWatchersWeDied()
    {
        if (_watchedBy is null)
            return;
        // Those who watch from elsewhere are told first: a local one might stop the system that carries the news.
        foreach (var watcher in _watchedBy.OrderBy(watcher => ((IInternalActorRef)watcher).IsLocal))
        {
            if (!watcher.Equals(Parent))
                ((IInternalActorRef)watcher).SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
        }

        _watchedBy = null;
    }

    private void UnwatchWatchedActors()
    {
        if (_watching is not null)
        {
            foreach (var watched in _watching.Keys)
                ((IInternalActorRef)watched).SendSystemMessage(new Unwatch((IInternalActorRef)watched, _self));
        }

        _watching = null;
        _terminatedQueued = null;
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        if (subject.Equals(_self))
            return subject;
        _watching ??= [];
        if (_watching.TryGetValue(subject, out var earlier))
        {
            if (!Equals(earlier, message))
            {
                throw new InvalidOperationException(
                    $"Watch({subject}, {message ?? "no message"}) differs from the watch that is in force ({earlier ?? "no message"}). Unwatch first.");
            }

            return subject;
        }

        _watching.Add(subject, message);
        ((IInternalActorRef)subject).SendSystemMessage(new Watch((IInternalActorRef)subject, _self));
        return subject;
    }

    private bool IsChild(IActorRef actor) => TryGetChildStatsByRef(actor, out _);
}
