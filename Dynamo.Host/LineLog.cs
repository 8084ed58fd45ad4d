using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dynamo.Host;

/// <summary>Logs to standard output, one line per event: time, level, and Akka.NET's source and text. An error's stack trace follows, indented.</summary>
internal sealed class LineLog : ILoggerProvider
{
    public static void Add(ILoggingBuilder logging)
    {
        logging.Services.AddSingleton<ILoggerProvider, LineLog>();
        // The level is set in the node's own file: akka.loglevel.
        logging.SetMinimumLevel(LogLevel.Trace);
        // The process itself prints one line in place of what these loggers would write.
        logging.AddFilter("Microsoft", LogLevel.None);
        logging.AddFilter("Akka.Hosting", LogLevel.None);
        logging.AddFilter("Dynamo.Hosting", LogLevel.None);
    }

    public ILogger CreateLogger(string categoryName) => Logger.Instance;

    public void Dispose()
    {
    }

    private sealed class Logger : ILogger
    {
        public static readonly Logger Instance = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception).ReplaceLineEndings(" ");
            var cause = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
            var stack = exception?.StackTrace is { } frames ? $"{Environment.NewLine}{frames}" : "";
            Console.Out.WriteLine($"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss.fff} {Name(logLevel)} {text}{cause}{stack}");
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Trace or LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO ",
            LogLevel.Warning => "WARN ",
            _ => "ERROR",
        };
    }
}
