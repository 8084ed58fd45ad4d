using Akka.Event;

namespace Akka.Actor;

public abstract class ActorBase : IInternalActor
{
    private readonly ActorCell _cell;
    private SupervisorStrategy? _supervisorStrategy;

    protected ActorBase()
    {
        _cell = ActorCell.Current ?? throw new ActorInitializationException(
            $"You cannot create an instance of {GetType()} explicitly using the constructor (new). Use ActorOf with Props of it.");
    }

    /// <exception cref="NotSupportedException">No actor's turn is being run, as after an await that has left the actor.</exception>
    protected static IActorContext Context => CurrentCell;

    protected static Receive EmptyReceive { get; } = _ => false;

    protected IActorRef Sender => CurrentCell.Sender;

    protected IActorRef Self => _cell.Self;

    IActorContext IInternalActor.ActorContext => _cell;

    internal SupervisorStrategy SupervisorStrategyInternal
    {
        get => _supervisorStrategy ??= _cell.Props.SupervisorStrategy ?? SupervisorStrategy() ?? Akka.Actor.SupervisorStrategy.DefaultStrategy;
        set => _supervisorStrategy = value;
    }

    private protected static ActorCell CurrentCell => ActorCell.Current ?? throw new NotSupportedException(
        "There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message))
            return true;
        Unhandled(message);
        return false;
    }

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    public virtual void AroundPostStop() => PostStop();

    internal bool ReceiveInternal(object message) => Receive(message);

    protected abstract bool Receive(object message);

    protected virtual void PreStart()
    {
    }

    protected virtual void PostStop()
    {
    }

    /// <summary>Runs on the failed instance before it is replaced; stops all children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs on the fresh instance; calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    protected virtual SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Publishes an <see cref="UnhandledMessage"/>; a <see cref="Terminated"/> ends in a <see cref="DeathPactException"/>.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    protected void Become(Receive receive) => CurrentCell.Become(receive);

    protected void BecomeStacked(Receive receive) => CurrentCell.BecomeStacked(receive);

    protected void UnbecomeStacked() => CurrentCell.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => CurrentCell.SetReceiveTimeout(timeout);
}
