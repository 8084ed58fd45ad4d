using Akka.Actor;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Reports when an actor has ended. (Akka.NET's <c>GracefulStop</c> continues on the thread pool.)</summary>
internal sealed class EndWatcher(IActorRef target, Action ended) : UntypedActor
{
    public static Props Props(IActorRef target, Action ended) => Akka.Actor.Props.Create(() => new EndWatcher(target, ended));

    protected override void PreStart()
    {
        Context.Watch(target);
        target.Tell(PoisonPill.Instance);
    }

    protected override void OnReceive(object message)
    {
        if (message is not Terminated) return;
        Context.Stop(Self);
        ended();
    }
}
