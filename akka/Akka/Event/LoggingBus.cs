using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.Event;

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
