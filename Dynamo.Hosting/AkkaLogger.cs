using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Dynamo.Hosting;

/// <summary>
/// Hands what Akka.NET logs to Microsoft.Extensions.Logging: the category is the class that logs, so that it can be filtered. Akka.Hosting's own logger
/// would log each event under one category and with a second time and level in its text.
/// </summary>
internal sealed class AkkaLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;

    protected override bool Receive(object message)
    {
        if (message is InitializeLogger) Sender.Tell(new LoggerInitialized());
        else if (message is LogEvent log) Log(log);
        else return false;
        return true;
    }

    // A logger with a text for its source has no class.
    private static string CategoryOf(LogEvent log) =>
        log.LogClass.Name == "DummyClassForStringSources" ? "Akka" : log.LogClass.FullName ?? log.LogClass.Name;

    private void Log(LogEvent log)
    {
        try
        {
            _loggers.CreateLogger(CategoryOf(log)).Log(LevelOf(log), default, $"{log.LogSource}: {log.Message}", log.Cause, static (text, _) => text);
        }
        catch (ObjectDisposedException)
        {
            // A system that could not start ends behind the program's logging.
        }
    }

    private static LogLevel LevelOf(LogEvent log) => log switch
    {
        Debug => LogLevel.Debug,
        Info => LogLevel.Information,
        Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
