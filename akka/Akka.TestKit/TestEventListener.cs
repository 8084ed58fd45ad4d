using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit;

/// <summary>The logger of systems under test: it shows events to the test's filters, and prints what none of them matches.</summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<EventFilterBase> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in new[] { typeof(Mute), typeof(Unmute), typeof(DeadLetter), typeof(UnhandledMessage) })
                    initialize.LoggingBus.Subscribe(Self, type);
                Sender.Tell(new LoggerInitialized(), Self);
                break;
            case Mute mute:
                _filters.AddRange(mute.Filters.Except(_filters));
                mute.Muted.TrySetResult();
                break;
            case Unmute unmute:
                foreach (var filter in unmute.Filters) _filters.Remove(filter);
                break;
            case LogEvent logEvent:
                Show(logEvent, logEvent);
                break;
            case DeadLetter letter:
                Show(letter);
                break;
            case UnhandledMessage unhandled:
                var path = unhandled.Recipient.Path.ToString();
                var warning = new Warning(path, unhandled.Recipient.GetType(), $"Unhandled message from {unhandled.Sender}: {unhandled.Message}");
                Show(warning, warning);
                break;
            default:
                Print(new Debug(Context.System.Name, GetType(), message));
                break;
        }

        return true;
    }

    private void Show(DeadLetter letter)
    {
        if (letter.Message is Terminate) return;
        var (path, type) = (letter.Recipient.Path.ToString(), letter.Recipient.GetType());
        var kind = letter.Message is ISystemMessage ? "dead system message" : "dead letter";
        Show(new Warning(path, type, letter), new Warning(path, type, $"Received {kind} from {letter.Sender}: {letter.Message}"));
    }

    private void Show(LogEvent toFilters, LogEvent toPrint)
    {
        foreach (var filter in _filters)
            if (filter.Apply(toFilters))
                return;
        Print(toPrint);
    }
}
