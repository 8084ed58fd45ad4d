using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote;

/// <summary>Holds the end of the system's own actors back until the links are flushed and closed.</summary>
internal sealed class RemotingTerminator(RemoteTransport transport, IActorRef systemGuardian) : UntypedActor
{
    protected override void PreStart() => systemGuardian.Tell(RegisterTerminationHook.Instance);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TerminationHook:
                var self = Self;
                transport.Shutdown().ContinueWith(_ => self.Tell(Done.Instance, self), CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                break;
            case Done:
                systemGuardian.Tell(TerminationHookDone.Instance);
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
