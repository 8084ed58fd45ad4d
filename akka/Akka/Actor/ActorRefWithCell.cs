using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A reference to an actor that lives in this process.</summary>
public abstract class ActorRefWithCell : InternalActorRefBase
{
    public abstract ICell Underlying { get; }

    public abstract IEnumerable<IActorRef> Children { get; }

    public abstract IInternalActorRef GetSingleChild(string name);
}

public class LocalActorRef : ActorRefWithCell, ILocalRef
{
    private readonly ActorSystemImpl _system;
    private readonly ActorPath _path;
    private readonly ActorCell _cell;

    public LocalActorRef(
        ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType, IInternalActorRef supervisor, ActorPath path)
    {
        _system = system;
        _path = path;
        Props = props;
        Dispatcher = dispatcher;
        MailboxType = mailboxType;
        Supervisor = supervisor;
        _cell = NewActorCell(system, this, props, dispatcher, supervisor);
        _cell.Init(sendSupervise: false, mailboxType);
    }

    public override ActorPath Path => _path;

    public override IInternalActorRef Parent => Supervisor;

    public override IActorRefProvider Provider => _system.Provider;

    public override bool IsLocal => true;

    public override bool IsTerminated => _cell.IsTerminated;

    public override ICell Underlying => _cell;

    public override IEnumerable<IActorRef> Children => _cell.GetChildren();

    public ActorCell Cell => _cell;

    protected ActorSystem System => _system;

    protected Props Props { get; }

    protected MessageDispatcher Dispatcher { get; }

    protected IInternalActorRef Supervisor { get; }

    protected MailboxType MailboxType { get; }

    public override void Start() => _cell.Start();

    public override void Suspend() => _cell.Suspend();

    public override void Resume(Exception? causedByFailure = null) => _cell.Resume(causedByFailure);

    public override void Restart(Exception cause) => _cell.Restart(cause);

    public override void Stop() => _cell.Stop();

    public override void SendSystemMessage(ISystemMessage message) => _cell.SendSystemMessage(message);

    public override IInternalActorRef GetSingleChild(string name) => _cell.GetSingleChild(name);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IActorRef current = this;
        for (var i = 0; i < name.Count; i++)
        {
            if (current is not ActorRefWithCell withCell)
                return ((IInternalActorRef)current).GetChild([.. name.Skip(i)]);
            current = name[i] switch
            {
                "" => withCell,
                ".." => withCell.Parent,
                var child => withCell.GetSingleChild(child),
            };
        }

        return current;
    }

    protected virtual ActorCell NewActorCell(
        ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef supervisor) =>
        new(system, self, props, dispatcher, supervisor);

    protected override void TellInternal(object message, IActorRef sender) => _cell.SendMessage(sender, message);
}

/// <summary>The root of the tree, which also knows the containers that are no actors: /temp and /deadLetters.</summary>
public class RootGuardianActorRef : LocalActorRef
{
    private readonly IInternalActorRef _deadLetters;
    private readonly IReadOnlyDictionary<string, IInternalActorRef> _extraNames;
    private IInternalActorRef? _tempContainer;

    public RootGuardianActorRef(
        ActorSystemImpl system,
        Props props,
        MessageDispatcher dispatcher,
        MailboxType mailboxType,
        IInternalActorRef supervisor,
        ActorPath path,
        IInternalActorRef deadLetters,
        IReadOnlyDictionary<string, IInternalActorRef> extraNames)
        : base(system, props, dispatcher, mailboxType, supervisor, path)
    {
        _deadLetters = deadLetters;
        _extraNames = extraNames;
    }

    public override IInternalActorRef Parent => this;

    public void SetTempContainer(IInternalActorRef tempContainer) => _tempContainer = tempContainer;

    public override IInternalActorRef GetSingleChild(string name) => name switch
    {
        "temp" => _tempContainer ?? ActorRefs.Nobody,
        "deadLetters" => _deadLetters,
        _ => _extraNames.TryGetValue(name, out var extra) ? extra : base.GetSingleChild(name),
    };
}

/// <summary>The root guardian's supervisor: sees it die, and thereby the system.</summary>
public class RootGuardianSupervisor : MinimalActorRef
{
    private readonly TaskCompletionSource<Status> _terminationPromise;
    private readonly Event.ILoggingAdapter _log;
    private Exception? _causeOfTermination;
    private int _stopped;

    public RootGuardianSupervisor(
        RootActorPath root, IActorRefProvider provider, TaskCompletionSource<Status> terminationPromise, Event.ILoggingAdapter log)
    {
        _terminationPromise = terminationPromise;
        _log = log;
        Provider = provider;
        Path = root / "_Root-guardian-supervisor";
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public Exception CauseOfTermination => _causeOfTermination!;

    public override void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        var cause = _causeOfTermination;
        _terminationPromise.TrySetResult(cause is null ? new Status.Success(null) : new Status.Failure(cause));
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                _causeOfTermination = failed.Cause;
                Event.LoggingExtensions.Error(_log, failed.Cause, "guardian {0} failed, shutting down!", failed.Child);
                ((IInternalActorRef)failed.Child).Stop();
                break;
            case DeathWatchNotification or Terminate:
                Stop();
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is not null)
            Event.LoggingExtensions.Error(_log, "{0} received unexpected message [{1}]", Path, message);
    }
}
