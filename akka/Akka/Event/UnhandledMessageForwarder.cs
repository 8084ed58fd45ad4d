using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs at debug level what actors did not handle, where the configuration asks for it.</summary>
internal sealed class UnhandledMessageForwarder : ActorBase
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled)
            return false;
        Context.System.EventStream.Publish(new Debug(
            unhandled.Recipient.Path.ToString(),
            unhandled.Recipient.GetType(),
            $"Unhandled message from {unhandled.Sender.Path} : {unhandled.Message}"));
        return true;
    }
}
