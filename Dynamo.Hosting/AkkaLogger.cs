using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Akka.Remote.Transport;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Dynamo.Hosting;

/// <summary>
/// Forwards Akka.NET's log events to Microsoft.Extensions.Logging, with the logging class as the category, so that logs can be filtered. Akka.Hosting's
/// own logger would use one category for all events and repeat time and level in the text.
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

    // A logger whose source is a string has no class.
    private static string CategoryOf(LogEvent log) =>
        log.LogClass.Name == "DummyClassForStringSources" ? "Akka" : log.LogClass.FullName ?? log.LogClass.Name;

    // A peer that breaks the protocol is no fault of this node, and the frames of its stack would tell the operator nothing. Two of the types are internal.
    private static bool IsPeersDoing(LogEvent log) => log.Cause is AkkaProtocolException || log.Cause?.GetType().FullName is "Akka.Remote.Transport.PduCodecException" or "Akka.Remote.EndpointException";

    private static string ReasonOf(LogEvent log) => log.Cause.GetBaseException().Message.ReplaceLineEndings(" ");

    private void Log(LogEvent log)
    {
        try
        {
            var (text, cause) = IsPeersDoing(log) ? ($"{Uri.UnescapeDataString(log.LogSource)}: {log.Message}: {ReasonOf(log)}", null) : ($"{log.LogSource}: {log.Message}", log.Cause);
            _loggers.CreateLogger(CategoryOf(log)).Log(LevelOf(log), default, text, cause, static (text, _) => text);
        }
        catch (ObjectDisposedException)
        {
            // An actor system that failed to start may end after the program's logging is disposed.
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
