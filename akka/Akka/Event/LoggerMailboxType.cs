using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Akka.Event;

public interface ILoggerMessageQueueSemantics : ISemantics
{
}

/// <summary>The mailbox of loggers: what they have not printed when they stop is not worth a dead letter each.</summary>
internal sealed class LoggerMailboxType(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<LoggerMailboxType.Queue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(system);

    internal sealed class Queue(ActorSystem system) : IMessageQueue, ILoggerMessageQueueSemantics, IUnboundedMessageQueueSemantics
    {
        private readonly UnboundedMessageQueue _queue = new();

        public bool HasMessages => _queue.HasMessages;

        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(receiver, envelope);

        public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

        /// <summary>Prints what is left, as its own logger will not.</summary>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (_queue.TryDequeue(out var envelope))
            {
                if (envelope.Message is LogEvent logEvent && logEvent.LogLevel() >= Logging.LogLevelFor(system.Settings.StdoutLogLevel))
                    system.Settings.StdoutLogger.Tell(logEvent, owner);
            }
        }
    }
}
