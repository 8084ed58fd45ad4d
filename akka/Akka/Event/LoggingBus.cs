using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Akka.Event;

/// <summary>Who wants events of which class.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
{
    private readonly Lock _lock = new();
    private readonly List<(TClassifier Channel, TSubscriber Subscriber)> _subscriptions = [];
    private readonly ConcurrentDictionary<TClassifier, TSubscriber[]> _subscribersByClass = new();

    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            if (_subscriptions.Any(each => Equals(each.Channel, classifier) && Equals(each.Subscriber, subscriber)))
                return false;
            _subscriptions.Add((classifier, subscriber));
            _subscribersByClass.Clear();
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber) => Remove(each => Equals(each.Subscriber, subscriber));

    /// <summary>Takes a subscriber off a class and those below it.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) =>
        Remove(each => Equals(each.Subscriber, subscriber) && IsSubClassification(classifier, each.Channel));

    public virtual void Publish(TEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        BeforePublish(@event);
        var classifier = GetClassifier(@event);
        if (!_subscribersByClass.TryGetValue(classifier, out var subscribers))
            subscribers = SubscribersOf(classifier);
        foreach (var subscriber in subscribers)
            Publish(@event, subscriber);
    }

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    private protected virtual void BeforePublish(TEvent @event)
    {
    }

    private TSubscriber[] SubscribersOf(TClassifier classifier)
    {
        lock (_lock)
        {
            TSubscriber[] subscribers = [.. _subscriptions.Where(each => IsSubClassification(each.Channel, classifier)).Select(each => each.Subscriber).Distinct()];
            _subscribersByClass[classifier] = subscribers;
            return subscribers;
        }
    }

    private bool Remove(Predicate<(TClassifier Channel, TSubscriber Subscriber)> match)
    {
        lock (_lock)
        {
            if (_subscriptions.RemoveAll(match) == 0)
                return false;
            _subscribersByClass.Clear();
            return true;
        }
    }
}

public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
    where TClassifier : notnull
{
}

/// <summary>A bus of events by type, and the loggers on it.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private readonly Lock _lock = new();
    private readonly List<IActorRef> _loggers = [];
    private volatile int _logLevel = (int)LogLevel.InfoLevel;

    public LogLevel LogLevel => (LogLevel)_logLevel;

    internal ITimeProvider? Clock { get; set; }

    public void SetLogLevel(LogLevel logLevel)
    {
        _logLevel = (int)logLevel;
        IActorRef[] loggers;
        lock (_lock)
            loggers = [.. _loggers];
        foreach (var logger in loggers)
            SubscribeByLevel(logger, logLevel);
    }

    public void StartStdoutLogger(Settings config) =>
        SetUpStdoutLogger(config.StdoutLogger, Logging.LogLevelFor(config.StdoutLogLevel));

    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        var level = Logging.LogLevelFor(system.Settings.LogLevel);
        _logLevel = (int)level;
        var stdout = system.Settings.StdoutLogger;
        var keepsStdout = false;
        foreach (var typeName in system.Settings.Loggers)
        {
            var type = Type.GetType(typeName)
                ?? throw new ConfigurationException($"Logger specified in config cannot be found: \"{typeName}\"");
            if (typeof(MinimalLogger).IsAssignableFrom(type))
            {
                keepsStdout = true;
                SetUpStdoutLogger(stdout, level);
                continue;
            }

            StartLogger(system, type, level);
        }

        if (!keepsStdout)
            Unsubscribe(stdout);
    }

    /// <summary>
    /// Gives the last messages of a system, which its own loggers do not live to see, to the standard output, and
    /// returns those loggers, who still have what was published before.
    /// </summary>
    internal IReadOnlyCollection<IActorRef> StopDefaultLoggers(ActorSystem system)
    {
        var level = Logging.LogLevelFor(system.Settings.StdoutLogLevel);
        SetUpStdoutLogger(system.Settings.StdoutLogger, level);
        IActorRef[] loggers;
        lock (_lock)
        {
            loggers = [.. _loggers];
            _loggers.Clear();
        }

        IActorRef[] actors = [.. loggers.Where(logger => logger is not MinimalLogger)];
        foreach (var logger in actors)
            Unsubscribe(logger);
        return actors;
    }

    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    protected override bool Classify(object @event, Type classifier) => classifier.IsAssignableFrom(GetClassifier(@event));

    protected override Type GetClassifier(object @event) => @event.GetType();

    private protected override void BeforePublish(object @event)
    {
        if (@event is LogEvent logEvent && Clock is { } clock)
            logEvent.At(clock.Now.UtcDateTime);
    }

    private void SetUpStdoutLogger(MinimalLogger logger, LogLevel level)
    {
        lock (_lock)
        {
            if (!_loggers.Contains(logger))
                _loggers.Add(logger);
        }

        SubscribeByLevel(logger, level);
    }

    /// <summary>The logger is subscribed at once: what is published before its first turn waits in its mailbox.</summary>
    private void StartLogger(ActorSystemImpl system, Type type, LogLevel level)
    {
        var name = $"log{system.NextLoggerNumber()}-{Logging.SimpleName(type)}";
        var props = Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher);
        var logger = system.SystemActorOf(props, name);
        logger.Tell(new InitializeLogger(this), ActorRefs.NoSender);
        lock (_lock)
            _loggers.Add(logger);
        SubscribeByLevel(logger, level);
        Publish(new Debug(Logging.SimpleName(this), GetType(), $"Logger {name} [{type.Name}] started"));
    }

    private void SubscribeByLevel(IActorRef logger, LogLevel level)
    {
        foreach (var each in new[] { LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel })
        {
            if (each >= level)
                Subscribe(logger, each.ClassFor());
            else
                Unsubscribe(logger, each.ClassFor());
        }
    }
}

/// <summary>A system's bus: log events, dead letters, unhandled messages, and what else is published. Subscribers that die are forgotten.</summary>
public class EventStream : LoggingBus
{
    private readonly bool _debug;
    private IActorRef? _unsubscriber;

    public EventStream(bool debug) => _debug = debug;

    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug)
            base.Publish(new Debug(Logging.SimpleName(this), GetType(), $"subscribing {subscriber} to channel {channel}"));
        if (subscriber is ActorRefWithCell)
            _unsubscriber?.Tell(new EventStreamUnsubscriber.Register(subscriber), ActorRefs.NoSender);
        return base.Subscribe(subscriber, channel);
    }

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug)
            base.Publish(new Debug(Logging.SimpleName(this), GetType(), $"unsubscribing {subscriber} from channel {channel}"));
        return base.Unsubscribe(subscriber, channel);
    }

    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug)
            base.Publish(new Debug(Logging.SimpleName(this), GetType(), $"unsubscribing {subscriber} from all channels"));
        return base.Unsubscribe(subscriber);
    }

    internal void StartUnsubscriber(ActorSystemImpl system) => _unsubscriber = system.SystemActorOf(
        Props.Create(() => new EventStreamUnsubscriber(this)).WithDispatcher(Dispatchers.InternalDispatcherId), "eventStreamUnsubscriber");
}

/// <summary>Watches the actors that subscribed, and takes them off the stream when they die.</summary>
internal sealed class EventStreamUnsubscriber(EventStream eventStream) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Register register:
                Context.Watch(register.Subscriber);
                break;
            case Terminated terminated:
                eventStream.Unsubscribe(terminated.ActorRef);
                break;
        }
    }

    internal sealed class Register(IActorRef subscriber) : INoSerializationVerificationNeeded
    {
        public IActorRef Subscriber { get; } = subscriber;
    }
}

public static class EventStreamExtensions
{
    public static bool Subscribe<TEvent>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TEvent));

    public static bool Unsubscribe<TEvent>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TEvent));
}

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
