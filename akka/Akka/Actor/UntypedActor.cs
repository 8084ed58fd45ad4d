using Akka.Dispatch;

namespace Akka.Actor;

public abstract class UntypedActor : ActorBase
{
    protected static new IUntypedActorContext Context => CurrentCell;

    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    protected abstract void OnReceive(object message);

    protected void RunTask(Action action) => ActorTaskScheduler.RunTask(action);

    /// <summary>Runs an asynchronous handler as turns of this actor; messages wait until it is done, and its failure is the actor's.</summary>
    protected void RunTask(Func<Task> action) => ActorTaskScheduler.RunTask(action);

    protected void Become(UntypedReceive receive) => Context.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
