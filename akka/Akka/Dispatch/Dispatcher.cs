using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>Has turns run by an executor: the thread pool by default.</summary>
public class Dispatcher : MessageDispatcher
{
    private readonly ExecutorServiceFactory _executorFactory;
    private readonly Lock _lock = new();
    private ExecutorService? _executor;

    public Dispatcher(
        MessageDispatcherConfigurator configurator,
        string id,
        int throughput,
        long? throughputDeadlineTime,
        ExecutorServiceFactory executorServiceFactory,
        TimeSpan shutdownTimeout)
        : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = throughputDeadlineTime;
        ShutdownTimeout = shutdownTimeout;
        _executorFactory = executorServiceFactory;
    }

    private protected override bool IsShutDownWhenEmpty => Volatile.Read(ref _executor) is DedicatedThreads;

    protected override void ExecuteTask(IRunnable run)
    {
        var executor = _executor ?? StartExecutor();
        try
        {
            executor.Execute(run);
        }
        catch (RejectedExecutionException) when (!ReferenceEquals(executor, Volatile.Read(ref _executor)))
        {
            StartExecutor().Execute(run);
        }
    }

    /// <summary>Ends the executor; another is started should anything come after all.</summary>
    protected override void Shutdown()
    {
        ExecutorService? executor;
        lock (_lock)
        {
            executor = _executor;
            _executor = null;
        }

        executor?.Shutdown();
    }

    private ExecutorService StartExecutor()
    {
        lock (_lock)
            return _executor ??= _executorFactory.Produce(Id);
    }
}

public sealed class PinnedDispatcher : Dispatcher
{
    internal PinnedDispatcher(
        MessageDispatcherConfigurator configurator,
        string id,
        int throughput,
        long? throughputDeadlineTime,
        ExecutorServiceFactory executorServiceFactory,
        TimeSpan shutdownTimeout)
        : base(configurator, id, throughput, throughputDeadlineTime, executorServiceFactory, shutdownTimeout)
    {
    }
}

public sealed class DispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly Dispatcher _instance;

    public DispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        var settings = new DispatcherSettings(config);
        _instance = new Dispatcher(
            this, settings.Id, settings.Throughput, settings.ThroughputDeadlineTicks, ConfigureExecutor(), settings.ShutdownTimeout);
    }

    public override MessageDispatcher Dispatcher() => _instance;
}

/// <summary>A dispatcher whose turns are run by the given kind of executor, whatever the configuration's <c>executor</c>.</summary>
internal sealed class FixedExecutorConfigurator(
    Config config, IDispatcherPrerequisites prerequisites, ExecutorServiceFactory executor) : MessageDispatcherConfigurator(config, prerequisites)
{
    private Dispatcher? _instance;

    public override MessageDispatcher Dispatcher()
    {
        var settings = new DispatcherSettings(Config);
        return LazyInitializer.EnsureInitialized(ref _instance, () => new Dispatcher(
            this, settings.Id, settings.Throughput, settings.ThroughputDeadlineTicks, executor, settings.ShutdownTimeout))!;
    }
}

/// <summary>Each actor has a thread of its own.</summary>
internal sealed class PinnedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    public override MessageDispatcher Dispatcher()
    {
        var settings = new DispatcherSettings(Config);
        return new PinnedDispatcher(
            this, settings.Id, int.MaxValue, settings.ThroughputDeadlineTicks, new PinnedExecutor(Config, Prerequisites), settings.ShutdownTimeout);
    }
}

internal readonly struct DispatcherSettings(Config config)
{
    public string Id { get; } = config.GetString("id", "");

    public int Throughput { get; } = config.GetInt("throughput", MessageDispatcher.DefaultThroughput);

    public long ThroughputDeadlineTicks { get; } = config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero).Ticks;

    public TimeSpan ShutdownTimeout { get; } = config.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(1));
}
