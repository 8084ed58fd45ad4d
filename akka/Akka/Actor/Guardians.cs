using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The parent of everybody's actors, and the root itself.</summary>
public class GuardianActor : ActorBase, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated:
                Context.Stop(Self);
                break;
            case StopChild stop:
                Context.Stop(stop.Child);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    protected override void PreStart()
    {
        // Its restart must not start anything twice.
    }
}

/// <summary>The parent of the runtime's own actors: outlives the users', and waits for those that asked to be told.</summary>
public class SystemGuardianActor : ActorBase, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    private static readonly TimeSpan LoggersTimeout = TimeSpan.FromSeconds(5);

    private readonly IActorRef _userGuardian;
    private readonly HashSet<IActorRef> _terminationHooks = [];
    private readonly HashSet<IActorRef> _loggers = [];

    public SystemGuardianActor(IActorRef userGuardian) => _userGuardian = userGuardian;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_userGuardian):
                Context.Become(Terminating);
                foreach (var hook in _terminationHooks)
                    hook.Tell(TerminationHook.Instance);
                StopWhenAllTerminationHooksDone();
                break;
            case Terminated terminated:
                _terminationHooks.Remove(terminated.ActorRef);
                break;
            case StopChild stop:
                Context.Stop(stop.Child);
                break;
            case RegisterTerminationHook when !Equals(Sender, Context.System.DeadLetters):
                _terminationHooks.Add(Sender);
                Context.Watch(Sender);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // The children of this guardian outlive its restart.
    }

    private bool Terminating(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                StopWhenAllTerminationHooksDone(terminated.ActorRef);
                break;
            case TerminationHookDone:
                StopWhenAllTerminationHooksDone(Sender);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    private void StopWhenAllTerminationHooksDone(IActorRef done)
    {
        if (_terminationHooks.Remove(done))
            StopWhenAllTerminationHooksDone();
    }

    private void StopWhenAllTerminationHooksDone()
    {
        if (_terminationHooks.Count > 0)
            return;
        foreach (var logger in Context.System.EventStream.StopDefaultLoggers(Context.System).Where(logger => logger.Path.Parent == Self.Path))
        {
            _loggers.Add(Context.Watch(logger));
            logger.Tell(PoisonPill.Instance);
        }

        SetReceiveTimeout(LoggersTimeout);
        Context.Become(AwaitLoggers);
        StopWhenLoggersDone();
    }

    /// <summary>What was logged is printed before the end, unless a logger takes too long about it.</summary>
    private bool AwaitLoggers(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                _loggers.Remove(terminated.ActorRef);
                StopWhenLoggersDone();
                break;
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
            default:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                break;
        }

        return true;
    }

    private void StopWhenLoggersDone()
    {
        if (_loggers.Count == 0)
            Context.Stop(Self);
    }
}
