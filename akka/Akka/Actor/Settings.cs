using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A system's settings as its configuration gives them; see reference.conf for what each means.</summary>
public class Settings
{
    private readonly Config _userConfig;
    private Config _fallback;

    public Settings(ActorSystem system, Config config)
        : this(system, config, ActorSystemSetup.Empty)
    {
    }

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        Setup = setup;
        System = system;
        _userConfig = config;
        _fallback = ConfigurationFactory.Default();
        Config = config.SafeWithFallback(_fallback);
        ProviderSelectionType = ProviderSelection.GetProvider(Config.GetString("akka.actor.provider", "local"));
        if (setup.Get<BootstrapSetup>() is { HasValue: true, Value.ActorRefProvider: { HasValue: true, Value: var selection } })
            ProviderSelectionType = selection;
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        CreationTimeout = Config.GetTimeSpan("akka.actor.creation-timeout", TimeSpan.FromSeconds(20));
        UnstartedPushTimeout = Config.GetTimeSpan("akka.actor.unstarted-push-timeout", TimeSpan.FromSeconds(10));
        SerializeAllMessages = Config.GetBoolean("akka.actor.serialize-messages");
        SerializeAllCreators = Config.GetBoolean("akka.actor.serialize-creators");
        ConfigVersion = Config.GetString("akka.version", "");
        Home = Config.GetString("akka.home", "");
        SchedulerClass = Config.GetString("akka.scheduler.implementation");
        SchedulerShutdownTimeout = Config.GetTimeSpan("akka.scheduler.shutdown-timeout", TimeSpan.FromSeconds(5));
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate = Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
        {
            throw new ConfigurationException(
                "akka.coordinated-shutdown.run-by-actor-system-terminate=on and akka.coordinated-shutdown.terminate-actor-system=off contradict each other");
        }

        LogLevel = Config.GetString("akka.loglevel");
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel");
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher", Dispatch.Dispatchers.InternalDispatcherId);
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout", TimeSpan.FromSeconds(5));
        LoggerAsyncStart = Config.GetBoolean("akka.logger-async-start");
        LogFormatter = FormatterOf(Config.GetString("akka.logger-formatter", ""));
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start");
        LogSerializerOverrideOnStart = Config.GetBoolean("akka.log-serializer-override-on-start");
        LogDeadLetters = DeadLettersOf(Config.GetString("akka.log-dead-letters", "on"));
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = SuspendDurationOf(Config);
        AddLoggingReceive = Config.GetBoolean("akka.actor.debug.receive");
        DebugAutoReceive = Config.GetBoolean("akka.actor.debug.autoreceive");
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        UidSeed = Config.GetInt("akka.actor.uid-seed");
    }

    public ActorSystem System { get; }

    public Config Config { get; private set; }

    public ActorSystemSetup Setup { get; }

    public string ConfigVersion { get; }

    public ProviderSelection ProviderSelectionType { get; }

    public string ProviderClass => ProviderSelectionType.Fqn;

    public bool HasCluster => ProviderSelectionType.HasCluster;

    public string SupervisorStrategyClass { get; }

    /// <summary>How long an Ask waits that names no timeout; infinite by default.</summary>
    public TimeSpan AskTimeout { get; }

    public TimeSpan CreationTimeout { get; }

    public TimeSpan UnstartedPushTimeout { get; }

    public bool SerializeAllMessages { get; }

    public bool SerializeAllCreators { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public IList<string> Loggers { get; }

    public string LoggersDispatcher { get; }

    public TimeSpan LoggerStartTimeout { get; }

    public bool LoggerAsyncStart { get; }

    public ILogMessageFormatter LogFormatter { get; }

    public MinimalLogger StdoutLogger { get; } = new StandardOutLogger();

    public bool LogConfigOnStart { get; }

    public bool LogSerializerOverrideOnStart { get; }

    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>Zero when dead letters stay unlogged for good after the last one that is.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public bool AddLoggingReceive { get; }

    public bool DebugAutoReceive { get; }

    public bool DebugEventStream { get; }

    public bool DebugUnhandledMessage { get; }

    public bool DebugLifecycle { get; }

    public string Home { get; }

    public string SchedulerClass { get; }

    public TimeSpan SchedulerShutdownTimeout { get; }

    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>0 seeds the uids of actors by chance.</summary>
    internal int UidSeed { get; }

    /// <summary>Adds defaults that count for less than the user's settings and more than those before them.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.SafeWithFallback(_fallback);
        Config = _userConfig.SafeWithFallback(_fallback);
    }

    public override string ToString() => Config.ToString();

    private static int DeadLettersOf(string setting) => setting.ToLowerInvariant() switch
    {
        "on" or "true" => int.MaxValue,
        "off" or "false" => 0,
        var number => int.Parse(number),
    };

    private static TimeSpan SuspendDurationOf(Config config) =>
        string.Equals(config.GetString("akka.log-dead-letters-suspend-duration", "5m"), "infinite", StringComparison.OrdinalIgnoreCase)
            ? TimeSpan.Zero
            : config.GetTimeSpan("akka.log-dead-letters-suspend-duration", TimeSpan.FromMinutes(5));

    private static ILogMessageFormatter FormatterOf(string typeName)
    {
        if (string.IsNullOrEmpty(typeName))
            return DefaultLogMessageFormatter.Instance;
        var type = Type.GetType(typeName)
            ?? throw new ConfigurationException($"akka.logger-formatter [{typeName}] is no type that can be found");
        return type == typeof(DefaultLogMessageFormatter) ? DefaultLogMessageFormatter.Instance : (ILogMessageFormatter)Activator.CreateInstance(type)!;
    }
}
