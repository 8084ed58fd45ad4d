using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class EventStreamTests : ActorTest
{
    private class Base;

    private sealed class Derived : Base;

    [Fact]
    public async Task Subscribers_get_a_type_and_those_derived_from_it_until_they_unsubscribe()
    {
        var recorder = Record();
        Assert.True(Sys.EventStream.Subscribe(recorder.Ref, typeof(Base)));
        Assert.False(Sys.EventStream.Subscribe(recorder.Ref, typeof(Base)));
        Sys.EventStream.Publish(new Derived());
        Sys.EventStream.Publish("not this");
        await recorder.Expect<Derived>();
        Assert.True(Sys.EventStream.Unsubscribe(recorder.Ref, typeof(Base)));
        Sys.EventStream.Publish(new Derived());
        await recorder.ExpectNothing();
    }

    [Fact]
    public async Task A_subscriber_that_dies_is_forgotten()
    {
        var recorder = Record();
        var subject = Spawn((_, _) => { });
        Sys.EventStream.Subscribe(subject, typeof(Base));
        Sys.EventStream.Subscribe(recorder.Ref, typeof(DeadLetter));
        Assert.True(await subject.GracefulStop(Deadline));
        await Eventually(() => !Sys.EventStream.Unsubscribe(subject, typeof(Base)) || Again());
        await recorder.ExpectNothing();

        bool Again()
        {
            Sys.EventStream.Subscribe(subject, typeof(Base));
            return false;
        }
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public sealed class RecordingLogger : ReceiveActor
    {
        public static readonly System.Threading.Channels.Channel<LogEvent> Events =
            System.Threading.Channels.Channel.CreateUnbounded<LogEvent>();

        public RecordingLogger()
        {
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(logEvent => Events.Writer.TryWrite(logEvent));
        }
    }

    [Fact]
    public async Task What_is_logged_at_the_level_or_above_reaches_the_configured_logger()
    {
        var system = ActorSystem.Create("logging", ConfigurationFactory.ParseString("""
            akka {
              loglevel = INFO
              stdout-loglevel = OFF
              loggers = ["Akka.Tests.Actor.EventStreamTests+RecordingLogger, Akka.Tests"]
            }
            """));
        var log = Logging.GetLogger(system, "source");
        Assert.Equal((false, true), (log.IsDebugEnabled, log.IsInfoEnabled));
        log.Debug("not {0}", "this");
        log.Info("plain {braces}");
        log.Warning("with {0} and {1}", 1, "two");
        log.Error(new InvalidOperationException("boom"), "failed");
        using var deadline = new CancellationTokenSource(Deadline);
        var events = new List<LogEvent>();
        while (events.Count < 3)
        {
            var logEvent = await RecordingLogger.Events.Reader.ReadAsync(deadline.Token);
            if (logEvent.LogSource.StartsWith("source", StringComparison.Ordinal))
                events.Add(logEvent);
        }

        await system.Terminate().WaitAsync(Deadline);
        Assert.Equal(["plain {braces}", "with 1 and two", "failed"], events.Select(each => each.Message.ToString()));
        Assert.Equal([LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel], events.Select(each => each.LogLevel()));
        Assert.Equal("boom", events[2].Cause.Message);
        Assert.Contains("[WARNING]", events[1].ToString(), StringComparison.Ordinal);
        Assert.Contains("boom", events[2].ToString(), StringComparison.Ordinal);
    }

#if AKKA_BUNDLED
    [Fact]
    public async Task A_logger_prints_all_that_was_logged_before_the_system_ended()
    {
        var system = ActorSystem.Create("printing", ConfigurationFactory.ParseString("""
            akka {
              loglevel = INFO
              stdout-loglevel = OFF
              loggers = ["Akka.Tests.Actor.EventStreamTests+RecordingLogger, Akka.Tests"]
            }
            """));
        var log = Logging.GetLogger(system, "last");
        for (var i = 0; i < 10_000; i++)
            log.Info("line {0}", i);
        await system.Terminate().WaitAsync(Deadline);
        var lines = 0;
        while (RecordingLogger.Events.Reader.TryRead(out var logEvent))
            lines += logEvent.LogSource.StartsWith("last", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(10_000, lines);
    }
#endif

    [Fact]
    public async Task Dead_letters_are_logged_as_many_as_configured()
    {
        var system = ActorSystem.Create("letters", ConfigurationFactory.ParseString(
            "akka { loglevel = INFO, stdout-loglevel = OFF, loggers = [], log-dead-letters = 2 }"));
        var recorder = new Recorder(system, null);
        system.EventStream.Subscribe(recorder.Ref, typeof(Info));
        var seen = new List<string>();
        while (seen.Count < 2)
        {
            system.DeadLetters.Tell("lost");
            system.EventStream.Publish(new Info("mark", typeof(EventStreamTests), "mark"));
            for (var text = ""; text != "mark"; text = (await recorder.Expect<Info>()).Message.ToString()!)
            {
                if (text.Contains("was not delivered", StringComparison.Ordinal))
                    seen.Add(text);
            }
        }

        Assert.Contains("no more dead letters will be logged", seen[^1], StringComparison.Ordinal);
        Assert.Contains("[String]", seen[^1], StringComparison.Ordinal);
        await system.Terminate().WaitAsync(Deadline);
    }

    private sealed class Service : IExtension
    {
        public required ActorSystem System { get; init; }
    }

    private sealed class ServiceId : ExtensionIdProvider<Service>
    {
        public override Service CreateExtension(ExtendedActorSystem system) => new() { System = system };
    }

    [Fact]
    public void An_extension_is_made_once_when_it_is_asked_for()
    {
        Assert.False(Sys.HasExtension<Service>());
        var service = new ServiceId().Get(Sys);
        Assert.Same(service, new ServiceId().Apply(Sys));
        Assert.Same(service, Sys.WithExtension<Service>(typeof(ServiceId)));
        Assert.Same(service, Sys.GetExtension<Service>());
        Assert.Same(Sys, service.System);
    }
}
