using Akka.Actor;

namespace Akka.Event;

public interface ILoggingAdapter
{
    ILogMessageFormatter Formatter { get; }

    bool IsDebugEnabled { get; }

    bool IsInfoEnabled { get; }

    bool IsWarningEnabled { get; }

    bool IsErrorEnabled { get; }

    bool IsEnabled(LogLevel logLevel);

    void Log(LogLevel logLevel, Exception? cause, LogMessage message);

    void Log(LogLevel logLevel, Exception? cause, string format);
}

public abstract class LoggingAdapterBase : ILoggingAdapter
{
    protected LoggingAdapterBase(ILogMessageFormatter logMessageFormatter) =>
        Formatter = logMessageFormatter ?? throw new ArgumentNullException(nameof(logMessageFormatter));

    public ILogMessageFormatter Formatter { get; }

    public abstract bool IsDebugEnabled { get; }

    public abstract bool IsInfoEnabled { get; }

    public abstract bool IsWarningEnabled { get; }

    public abstract bool IsErrorEnabled { get; }

    public bool IsEnabled(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => IsDebugEnabled,
        LogLevel.InfoLevel => IsInfoEnabled,
        LogLevel.WarningLevel => IsWarningEnabled,
        _ => IsErrorEnabled,
    };

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
        if (IsEnabled(logLevel))
            NotifyLog(logLevel, message, cause);
    }

    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
        if (IsEnabled(logLevel))
            NotifyLog(logLevel, format, cause);
    }

    protected abstract void NotifyLog(LogLevel logLevel, object message, Exception? cause = null);
}

/// <summary>Logs by publishing on a bus.</summary>
public sealed class BusLogging : LoggingAdapterBase
{
    public BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter)
        : base(logMessageFormatter)
    {
        Bus = bus;
        LogSource = logSource;
        LogClass = logClass;
    }

    public LoggingBus Bus { get; }

    public string LogSource { get; }

    public Type LogClass { get; }

    public override bool IsDebugEnabled => Bus.LogLevel <= LogLevel.DebugLevel;

    public override bool IsInfoEnabled => Bus.LogLevel <= LogLevel.InfoLevel;

    public override bool IsWarningEnabled => Bus.LogLevel <= LogLevel.WarningLevel;

    public override bool IsErrorEnabled => true;

    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null)
    {
        LogEvent logEvent = logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, LogSource, LogClass, message),
            LogLevel.InfoLevel => new Info(cause, LogSource, LogClass, message),
            LogLevel.WarningLevel => new Warning(cause, LogSource, LogClass, message),
            _ => new Error(cause, LogSource, LogClass, message),
        };
        Bus.Publish(logEvent);
    }
}

public sealed class NoLogger : ILoggingAdapter
{
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger()
    {
    }

    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => false;

    public bool IsInfoEnabled => false;

    public bool IsWarningEnabled => false;

    public bool IsErrorEnabled => false;

    public bool IsEnabled(LogLevel logLevel) => false;

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
    }

    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
    }
}

public readonly struct LogSource
{
    private LogSource(string source, Type type)
    {
        Source = source;
        Type = type;
    }

    public string Source { get; }

    public Type Type { get; }

    public static LogSource Create(object o) => o switch
    {
        IActorContext context => new LogSource(context.Self.Path.ToString(), SourceType(context)),
        IActorRef actor => new LogSource(actor.Path.ToString(), SourceType(actor)),
        string text => new LogSource(text, typeof(DummyClassForStringSources)),
        Type type => new LogSource(Logging.SimpleName(type), type),
        _ => new LogSource(Logging.SimpleName(o), o.GetType()),
    };

    public static LogSource Create(object o, ActorSystem system) => o switch
    {
        IActorContext context => new LogSource(FromActor(context, system), SourceType(context)),
        IActorRef actor => new LogSource(FromActorRef(actor, system), SourceType(actor)),
        string text => new LogSource(FromString(text, system), typeof(DummyClassForStringSources)),
        Type type => new LogSource(FromType(type, system), type),
        _ => new LogSource(FromType(o.GetType(), system), o.GetType()),
    };

    public static LogSource Create(string source, Type t) => new(source, t);

    public static Type SourceType(object o) => o switch
    {
        Type type => type,
        IActorContext context => context.Props.Type,
        ActorRefWithCell actor => actor.Underlying.Props.Type,
        string => typeof(DummyClassForStringSources),
        _ => o.GetType(),
    };

    public static string FromType(Type t, ActorSystem system) => $"{Logging.SimpleName(t)} ({system})";

    public static string FromString(string source, ActorSystem system) => $"{source} ({system})";

    public static string FromActor(IActorContext actor, ActorSystem system) => FromActorRef(actor.Self, system);

    public static string FromActorRef(IActorRef a, ActorSystem system)
    {
        var address = (system as ExtendedActorSystem)?.Provider?.DefaultAddress;
        return address is null ? a.Path.ToString() : a.Path.ToStringWithAddress(address);
    }
}

public class DummyClassForStringSources
{
}

public static class Logging
{
    public static string StringFor(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => OffLogLevel,
        _ => throw new ArgumentException($"Unknown LogLevel: \"{logLevel}\". Valid values are: \"DEBUG\", \"INFO\", \"WARNING\", \"ERROR\", \"OFF\"", nameof(logLevel)),
    };

    public static LogLevel LogLevelFor<T>()
        where T : LogEvent =>
        typeof(T) == typeof(Debug) ? LogLevel.DebugLevel
        : typeof(T) == typeof(Info) ? LogLevel.InfoLevel
        : typeof(T) == typeof(Warning) ? LogLevel.WarningLevel
        : typeof(T) == typeof(Error) ? LogLevel.ErrorLevel
        : throw new ArgumentException("Unknown LogEvent: " + typeof(T).Name);

    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
    {
        var system = context.System;
        var source = LogSource.Create(context, system);
        return new BusLogging(system.EventStream, source.Source, source.Type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(logSourceObj, system);
        return new BusLogging(system.EventStream, source.Source, source.Type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(logSourceObj);
        return new BusLogging(loggingBus, source.Source, source.Type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    public static string SimpleName(object o) => SimpleName(o.GetType());

    public static string SimpleName(Type t) => t.Name;

    internal const LogLevel OffLogLevel = (LogLevel)int.MaxValue;
}
