using Akka.Actor;
using Akka.Util;

namespace Akka.Event;

public enum LogLevel
{
    DebugLevel,
    InfoLevel,
    WarningLevel,
    ErrorLevel,
}

public abstract class LogEvent : INoSerializationVerificationNeeded
{
    protected LogEvent()
    {
        Timestamp = DateTime.UtcNow;
        Thread = Thread.CurrentThread;
    }

    public Exception Cause { get; protected set; } = null!;

    public DateTime Timestamp { get; private set; }

    public Thread Thread { get; }

    public string LogSource { get; protected set; } = "";

    public Type LogClass { get; protected set; } = null!;

    /// <summary>A <see cref="LogMessage"/> that is formatted when printed, or the text itself.</summary>
    public object Message { get; protected set; } = "";

    public abstract LogLevel LogLevel();

    public override string ToString()
    {
        var level = LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();
        var text = $"[{level}][{Timestamp:MM/dd/yyyy HH:mm:ss.fff}Z][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}";
        return Cause is null ? text : text + Environment.NewLine + "Cause: " + Cause;
    }

    /// <summary>Stamps the event by the system's clock.</summary>
    internal LogEvent At(DateTime timestamp)
    {
        Timestamp = timestamp;
        return this;
    }

    private protected void Fill(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause!;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }
}

public class Debug : LogEvent
{
    public Debug(string logSource, Type logClass, object message) => Fill(null, logSource, logClass, message);

    public Debug(Exception? cause, string logSource, Type logClass, object message) => Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

public class Info : LogEvent
{
    public Info(string logSource, Type logClass, object message) => Fill(null, logSource, logClass, message);

    public Info(Exception? cause, string logSource, Type logClass, object message) => Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

public class Warning : LogEvent
{
    public Warning(string logSource, Type logClass, object message) => Fill(null, logSource, logClass, message);

    public Warning(Exception? cause, string logSource, Type logClass, object message) => Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

public class Error : LogEvent
{
    public Error(Exception? cause, string logSource, Type logClass, object message) => Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);

    string Format(string format, IEnumerable<object> args);
}

/// <summary>Formats as <see cref="string.Format(string, object[])"/> does; a format that fails is printed as it is, with its arguments.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    public string Format(string format, params object[] args)
    {
        if (args is null || args.Length == 0)
            return format;
        try
        {
            return string.Format(format, args);
        }
        catch (FormatException)
        {
            return $"{format} [{string.Join(", ", args)}]";
        }
    }

    public string Format(string format, IEnumerable<object> args) => Format(format, args.ToArray());
}

public abstract class LogMessage
{
    protected readonly ILogMessageFormatter Formatter;

    protected LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    public string Format { get; }

    public abstract string Unformatted();

    public abstract IEnumerable<object> Parameters();
}

internal sealed class ParameterizedLogMessage(ILogMessageFormatter formatter, string format, object?[] args) : LogMessage(formatter, format)
{
    public override string Unformatted() => string.Join(", ", args);

    public override IEnumerable<object> Parameters() => args!;

    public override string ToString() => Formatter.Format(Format, args!);
}
