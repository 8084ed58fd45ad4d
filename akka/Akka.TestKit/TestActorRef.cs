using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>A reference to an actor that runs in the thread of whoever tells it, and whose instance a test may look at.</summary>
public abstract class TestActorRefBase<TActor> : IInternalActorRef
    where TActor : ActorBase
{
    private readonly LocalActorRef _ref;

    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        var props = actorProps.Dispatcher == Dispatchers.DefaultDispatcherId
            ? actorProps.WithDispatcher(CallingThreadDispatcher.Id)
            : actorProps;
        var parent = (LocalActorRef)(supervisor ?? ((ExtendedActorSystem)system).Guardian);
        _ref = (LocalActorRef)parent.Cell.AttachChild(props, isSystemService: false, name);
    }

    public IActorRef Ref => _ref;

    public ActorPath Path => _ref.Path;

    /// <exception cref="IllegalActorStateException">The actor has stopped, or never started.</exception>
    public TActor UnderlyingActor => _ref.Cell.Actor as TActor ?? throw new IllegalActorStateException($"{_ref} has no actor: it has stopped or did not start.");

    IInternalActorRef IInternalActorRef.Parent => _ref.Parent;

    IActorRefProvider IInternalActorRef.Provider => _ref.Provider;

    bool IInternalActorRef.IsTerminated => _ref.IsTerminated;

    bool IActorRefScope.IsLocal => _ref.IsLocal;

    /// <summary>Has the actor handle the message now; what it throws is thrown here, and not supervised.</summary>
    public void Receive(object message, IActorRef? sender = null) => _ref.Cell.ReceiveMessageForTest(new Envelope(message, sender ?? ActorRefs.NoSender));

    void ICanTell.Tell(object message, IActorRef sender) => _ref.Tell(message, sender);

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => _ref.GetChild(name);

    void IInternalActorRef.Resume(Exception? causedByFailure) => _ref.Resume(causedByFailure);

    void IInternalActorRef.Start() => _ref.Start();

    void IInternalActorRef.Stop() => _ref.Stop();

    void IInternalActorRef.Restart(Exception cause) => _ref.Restart(cause);

    void IInternalActorRef.Suspend() => _ref.Suspend();

    void IInternalActorRef.SendSystemMessage(ISystemMessage message) => _ref.SendSystemMessage(message);

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => _ref.ToSurrogate(system);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => _ref.CompareTo(other);

    public int CompareTo(object? obj) => _ref.CompareTo(obj);

    public bool Equals(IActorRef? other) => _ref.Equals(other);

    public override bool Equals(object? obj) => _ref.Equals(obj);

    public override int GetHashCode() => _ref.GetHashCode();

    public override string ToString() => _ref.ToString();
}

public class TestActorRef<TActor> : TestActorRefBase<TActor>
    where TActor : ActorBase
{
    public TestActorRef(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
        : base(system, actorProps, supervisor, name)
    {
    }
}
