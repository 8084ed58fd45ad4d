using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// An actor's seat: its mailbox, its behaviour, its children and whom it watches. The actor instance itself may
/// be replaced (restart); the cell, and with it the reference, stays.
/// </summary>
public partial class ActorCell : IUntypedActorContext, ICell
{
    public const int UndefinedUid = 0;

    private readonly ActorSystemImpl _system;
    private readonly IInternalActorRef _self;
    private readonly Props _props;
    private Mailbox? _mailbox;
    private ActorBase? _actor;
    private Receive? _behavior;
    private Stack<Receive>? _outerBehaviors;
    private object? _currentMessage;
    private IActorRef? _currentSender;
    private int _currentEnvelopeId;
    private ActorTaskScheduler? _taskScheduler;

    public ActorCell(ActorSystemImpl system, IInternalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef parent)
    {
        _system = system;
        _self = self;
        _props = props;
        Dispatcher = dispatcher;
        Parent = parent;
    }

    public Mailbox Mailbox => Volatile.Read(ref _mailbox)!;

    public MessageDispatcher Dispatcher { get; }

    public bool IsLocal => true;

    public bool IsTerminated => Mailbox.IsClosed;

    public object CurrentMessage => _currentMessage!;

    public int CurrentEnvelopeId => _currentEnvelopeId;

    public IInternalActorRef Parent { get; }

    public IActorRef Self => _self;

    public IActorRef Sender => _currentSender ?? _system.DeadLetters;

    public Props Props => _props;

    public ActorSystem System => _system;

    public ActorSystemImpl SystemImpl => _system;

    public bool HasMessages => Mailbox.MessageQueue.HasMessages;

    public int NumberOfMessages => Mailbox.MessageQueue.Count;

    public ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    IActorRef IActorContext.Parent => Parent;

    internal static ActorCell? Current => InternalCurrentActorCellKeeper.Current;

    internal ActorBase? Actor => _actor;

    internal bool ActorHasBeenCleared => _actor is null;

    internal IInternalActorRef SelfInternal => _self;

    internal Envelope CurrentEnvelope => new(_currentMessage!, _currentSender!);

    public static IActorRef GetCurrentSelfOrNoSender() => Current?._self ?? ActorRefs.NoSender;

    public static IActorRef GetCurrentSenderOrNoSender()
    {
        var current = Current;
        return current is { ActorHasBeenCleared: false } ? current.Sender : ActorRefs.NoSender;
    }

    public void Init(bool sendSupervise, MailboxType mailboxType)
    {
        var mailbox = Dispatcher.CreateMailbox(this, mailboxType);
        mailbox.SetActor(this);
        Volatile.Write(ref _mailbox, mailbox);
        mailbox.SystemEnqueue(_self, new Create());
        if (sendSupervise)
            Parent.SendSystemMessage(new Supervise(_self, async: false));
    }

    public void Start()
    {
        PreStart();
        Dispatcher.Attach(this);
    }

    public void Suspend() => Dispatcher.SystemDispatch(this, new Suspend());

    public void Resume(Exception? causedByFailure) => Dispatcher.SystemDispatch(this, new Resume(causedByFailure));

    public void Restart(Exception cause) => Dispatcher.SystemDispatch(this, new Recreate(cause));

    public void Stop() => Dispatcher.SystemDispatch(this, new Terminate());

    public void SendSystemMessage(ISystemMessage systemMessage) => Dispatcher.SystemDispatch(this, (SystemMessage)systemMessage);

    public virtual void SendMessage(IActorRef sender, object message)
    {
        if (message is null)
            ThrowNullMessage();
        if (_system.SerializesMessages)
            message = SerializeAndDeserialize(message!);
        Dispatcher.Dispatch(this, new Envelope(message!, sender));
    }

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        (_outerBehaviors ??= new Stack<Receive>()).Push(_behavior!);
        _behavior = receive;
    }

    public void UnbecomeStacked()
    {
        if (_outerBehaviors is { Count: > 0 })
            _behavior = _outerBehaviors.Pop();
    }

    public ActorSelection ActorSelection(string path) => ActorRefFactoryShared.ActorSelection(path, _system, _self);

    public ActorSelection ActorSelection(ActorPath path) => ActorRefFactoryShared.ActorSelection(path, _system);

    /// <summary>Runs an action as if it were this actor's turn.</summary>
    public void UseThreadContext(Action action)
    {
        var previous = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = this;
        try
        {
            action();
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = previous;
        }
    }

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(Handling(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(Handling(receive));

    internal static Receive Handling(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    internal Mailbox SwapMailbox(Mailbox mailbox) => Interlocked.Exchange(ref _mailbox, mailbox)!;

    /// <summary>Runs when the cell is started, before its first message.</summary>
    protected virtual void PreStart()
    {
    }

    protected virtual ActorBase CreateNewActorInstance() => _props.NewActor();

    private static void ThrowNullMessage() => throw new InvalidMessageException("Message is null.");

    private object SerializeAndDeserialize(object message)
    {
        if (message is INoSerializationVerificationNeeded)
            return message;
        var serialization = _system.Serialization;
        var serializer = serialization.FindSerializerFor(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        return serialization.Deserialize(serialization.Serialize(message), serializer.Identifier, manifest);
    }
}
