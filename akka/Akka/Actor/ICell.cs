using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>What stands behind a local reference.</summary>
public interface ICell
{
    IActorRef Self { get; }

    ActorSystem System { get; }

    ActorSystemImpl SystemImpl { get; }

    IInternalActorRef Parent { get; }

    bool IsLocal { get; }

    bool HasMessages { get; }

    int NumberOfMessages { get; }

    bool IsTerminated { get; }

    Props Props { get; }

    void Start();

    void Suspend();

    void Resume(Exception? causedByFailure);

    void Restart(Exception cause);

    void Stop();

    IInternalActorRef GetSingleChild(string name);

    IInternalActorRef GetChildByName(string name);

    IEnumerable<IInternalActorRef> GetChildren();

    void SendMessage(IActorRef sender, object message);

    void SendSystemMessage(ISystemMessage message);
}

public readonly struct Envelope
{
    public Envelope(object message, IActorRef sender, ActorSystem system)
    {
        Message = message;
        Sender = sender ?? system.DeadLetters;
    }

    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <summary>Null or <see cref="ActorRefs.NoSender"/> when there is none.</summary>
    public IActorRef Sender { get; }

    public object Message { get; }

    public override string ToString() => $"<{Message?.ToString() ?? "null"}> from {Sender?.ToString() ?? "NoSender"}";
}
