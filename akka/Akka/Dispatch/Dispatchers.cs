using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>The dispatchers of a system by the path of their section in the configuration.</summary>
public sealed class Dispatchers
{
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";
    public static readonly string DefaultBlockingDispatcherId = "akka.actor.default-blocking-io-dispatcher";
    public static readonly string SynchronizedDispatcherId = "akka.actor.synchronized-dispatcher";

    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators = new();
    private MessageDispatcher? _default;

    internal Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites)
    {
        _system = system;
        Prerequisites = prerequisites;
    }

    public Config DefaultDispatcherConfig => Section(DefaultDispatcherId);

    public IDispatcherPrerequisites Prerequisites { get; }

    public MessageDispatcher DefaultGlobalDispatcher => _default ??= Lookup(DefaultDispatcherId);

    internal MessageDispatcher InternalDispatcher => Lookup(InternalDispatcherId);

    /// <exception cref="ConfigurationException">There is no such section, or it names no dispatcher.</exception>
    public MessageDispatcher Lookup(string dispatcherName)
    {
        var id = string.IsNullOrEmpty(dispatcherName) ? DefaultDispatcherId : dispatcherName;
        return _configurators.TryGetValue(id, out var known)
            ? known.Dispatcher()
            : _configurators.GetOrAdd(id, Configure).Dispatcher();
    }

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || _system.Settings.Config.HasPath(id);

    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) => _configurators.TryAdd(id, configurator);

    private MessageDispatcherConfigurator Configure(string id)
    {
        if (!_system.Settings.Config.HasPath(id))
            throw new ConfigurationException($"Dispatcher [{id}] not configured");
        var config = Section(id);
        var type = config.GetString("type", "Dispatcher");
        switch (type)
        {
            case "Dispatcher":
                return new DispatcherConfigurator(config, Prerequisites);
            case "TaskDispatcher":
                return new FixedExecutorConfigurator(config, Prerequisites, new TaskExecutor(config, Prerequisites));
            case "ForkJoinDispatcher":
                return new FixedExecutorConfigurator(config, Prerequisites, new ForkJoinExecutor(config, Prerequisites));
            case "PinnedDispatcher":
                return new PinnedDispatcherConfigurator(config, Prerequisites);
            case null or "":
                throw new ConfigurationException($"Missing dispatcher `type` config property for [{id}]");
            default:
                var configurator = Type.GetType(type)
                    ?? throw new ConfigurationException($"Could not resolve dispatcher type {type} for path {id}");
                return (MessageDispatcherConfigurator)Activator.CreateInstance(configurator, config, Prerequisites)!;
        }
    }

    private Config Section(string id)
    {
        var name = id[(id.LastIndexOf('.') + 1)..];
        return ConfigurationFactory.ParseString($"id = \"{id}\"\nname = \"{name}\"")
            .WithFallback(_system.Settings.Config.GetConfig(id));
    }
}
