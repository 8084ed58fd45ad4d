using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The mailbox of every actor that has stopped.</summary>
public sealed class DeadLetterMailbox : Mailbox
{
    private readonly IActorRef _deadLetters;

    public DeadLetterMailbox(IActorRef deadLetters)
        : base(new DeadLetterMessageQueue(deadLetters))
    {
        _deadLetters = deadLetters;
        StartClosed();
    }

    internal override void SystemEnqueue(IActorRef receiver, SystemMessage message)
    {
        // A watch is answered; what else the runtime says to the dead is of no interest to anyone.
        if (message is Watch watch && !watch.Watcher.Equals(receiver))
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        else if (message is not (Watch or Unwatch or NoMessage))
            _deadLetters.Tell(new DeadLetter(message, receiver, receiver), receiver);
    }
}
