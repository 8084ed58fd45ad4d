using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Event;

public class InitializeLogger : INoSerializationVerificationNeeded
{
    public InitializeLogger(LoggingBus loggingBus) => LoggingBus = loggingBus;

    public LoggingBus LoggingBus { get; }
}

public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
}

/// <summary>A logger that is no actor, for the time when there are none.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    protected MinimalLogger()
    {
    }

    public sealed override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    public sealed override IActorRefProvider Provider => throw new NotSupportedException("This logger does not provide");

    protected sealed override void TellInternal(object message, IActorRef sender)
    {
        if (message is LogEvent logEvent)
            Log(logEvent);
        else if (message is null)
            throw new ArgumentNullException(nameof(message), "The message to log must not be null");
    }

    protected abstract void Log(object message);
}

public class StandardOutLogger : MinimalLogger
{
    private static readonly Lock ConsoleLock = new();

    public static ConsoleColor DebugColor { get; set; } = ConsoleColor.Gray;

    public static ConsoleColor InfoColor { get; set; } = ConsoleColor.White;

    public static ConsoleColor WarningColor { get; set; } = ConsoleColor.Yellow;

    public static ConsoleColor ErrorColor { get; set; } = ConsoleColor.Red;

    public static bool UseColors { get; set; } = true;

    protected override void Log(object message) => Print((LogEvent)message);

    internal static void Print(LogEvent logEvent)
    {
        ConsoleColor? color = !UseColors || Console.IsOutputRedirected ? null : logEvent.LogLevel() switch
        {
            LogLevel.DebugLevel => DebugColor,
            LogLevel.InfoLevel => InfoColor,
            LogLevel.WarningLevel => WarningColor,
            _ => ErrorColor,
        };
        lock (ConsoleLock)
        {
            if (color is not null)
                Console.ForegroundColor = color.Value;
            Console.WriteLine(logEvent);
            if (color is not null)
                Console.ResetColor();
        }
    }
}

/// <summary>Prints what a system logs on the standard output.</summary>
public class DefaultLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) => StandardOutLogger.Print(logEvent);
}
