using Akka.Actor;

namespace Akka.Event;

/// <summary>A message that is not worth a dead letter.</summary>
public interface IDeadLetterSuppression
{
}

public abstract class AllDeadLetters : IWrappedMessage
{
    protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    public object Message { get; }

    public IActorRef Recipient { get; }

    public IActorRef Sender { get; }

    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message to an actor that is no more, or never was.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

public sealed class SuppressedDeadLetter : AllDeadLetters
{
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that its actor did not handle.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that was given up on the way, and why.</summary>
public sealed class Dropped : AllDeadLetters
{
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient) => Reason = reason;

    public Dropped(object message, string reason, IActorRef recipient)
        : this(message, reason, ActorRefs.NoSender, recipient)
    {
    }

    public string Reason { get; }
}

/// <summary>Logs dead letters, as many as <c>akka.log-dead-letters</c> says; after that many it is silent for a while.</summary>
public class DeadLetterListener : ActorBase
{
    private readonly EventStream _eventStream = Context.System.EventStream;
    private readonly int _limit = Context.System.Settings.LogDeadLetters;
    private readonly TimeSpan _suspension = Context.System.Settings.LogDeadLettersSuspendDuration;
    private int _count;
    private TimeSpan? _silentUntil;

    internal static void Subscribe(IActorRef listener, EventStream eventStream)
    {
        eventStream.Subscribe(listener, typeof(DeadLetter));
        eventStream.Subscribe(listener, typeof(Dropped));
        eventStream.Subscribe(listener, typeof(UnhandledMessage));
    }

    protected override void PreStart() => Subscribe(Self, _eventStream);

    protected override void PreRestart(Exception reason, object message)
    {
        // The subscriptions are of the reference, not of the instance.
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PostStop() => _eventStream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter)
            return false;
        _count = _count == int.MaxValue ? 1 : _count + 1;
        if (_silentUntil is { } until)
        {
            if (Context.System.Scheduler.MonotonicClock < until)
                return true;
            _silentUntil = null;
            Log(letter, $"of which {_count - _limit - 1} were not logged");
            _count = 0;
        }
        else if (_count < _limit || _limit == int.MaxValue)
        {
            Log(letter, "");
        }
        else if (_suspension <= TimeSpan.Zero)
        {
            Log(letter, "no more dead letters will be logged");
            Context.Stop(Self);
        }
        else
        {
            Log(letter, $"no more dead letters will be logged in next [{_suspension}]");
            _silentUntil = Context.System.Scheduler.MonotonicClock + _suspension;
        }

        return true;
    }

    private void Log(AllDeadLetters letter, string done)
    {
        var sender = letter.Sender?.Path.ToString() ?? "NoSender";
        var what = letter switch
        {
            Dropped dropped => $"to {letter.Recipient} was dropped. {dropped.Reason}.",
            UnhandledMessage => $"to {letter.Recipient} was unhandled.",
            _ => $"to {letter.Recipient} was not delivered.",
        };
        var tail = done.Length == 0 ? "" : ", " + done;
        _eventStream.Publish(new Info(
            letter.Recipient?.Path.ToString() ?? "dead letters",
            letter.Recipient?.GetType() ?? typeof(DeadLetterListener),
            $"Message [{letter.Message?.GetType().Name}] from {sender} {what} [{_count}] dead letters encountered{tail}. "
            + "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'."));
    }
}
