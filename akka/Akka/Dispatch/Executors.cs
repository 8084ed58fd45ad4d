using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>What a <see cref="Akka.Dispatch.Dispatcher"/> has its work run by.</summary>
public abstract class ExecutorService
{
    protected ExecutorService(string id) => Id = id;

    public string Id { get; }

    /// <exception cref="RejectedExecutionException">The executor has been shut down.</exception>
    public abstract void Execute(IRunnable run);

    public abstract void Shutdown();
}

public abstract class ExecutorServiceFactory
{
    public abstract ExecutorService Produce(string id);
}

public abstract class ExecutorServiceConfigurator : ExecutorServiceFactory
{
    protected ExecutorServiceConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; }

    public IDispatcherPrerequisites Prerequisites { get; }
}

public class RejectedExecutionException : AkkaException
{
    public RejectedExecutionException(string? message = null, Exception? inner = null)
        : base(message!, inner)
    {
    }
}

internal static class ExecutorConfigurators
{
    public static ExecutorServiceConfigurator For(Config config, IDispatcherPrerequisites prerequisites)
    {
        var executor = config.GetString("executor", "default-executor");
        switch (executor)
        {
            case null or "" or "default-executor" or "thread-pool-executor" or "channel-executor":
                return new ThreadPoolExecutor(config, prerequisites);
            case "task-executor":
                return new TaskExecutor(config, prerequisites);
            case "fork-join-executor":
                return new ForkJoinExecutor(config, prerequisites);
            default:
                var type = Type.GetType(executor)
                    ?? throw new ConfigurationException($"Could not resolve executor service configurator type {executor} for path {config.GetString("id")}");
                return (ExecutorServiceConfigurator)Activator.CreateInstance(type, config, prerequisites)!;
        }
    }
}

internal sealed class ThreadPoolExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new Service(id);

    internal sealed class Service(string id) : ExecutorService(id)
    {
        /// <summary>One in so many goes to the shared queue, so that work which keeps feeding itself cannot starve the rest of its thread's queue.</summary>
        private const int SharedEvery = 16;

        [ThreadStatic]
        private static int _executed;

        public override void Execute(IRunnable run) =>
            ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: ++_executed % SharedEvery != 0);

        public override void Shutdown()
        {
        }
    }
}

internal sealed class TaskExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new Service(id);

    private sealed class Service(string id) : ExecutorService(id)
    {
        public override void Execute(IRunnable run) =>
            Task.Factory.StartNew(static state => ((IRunnable)state!).Run(), run, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);

        public override void Shutdown()
        {
        }
    }
}

/// <summary>Threads of its own: <c>fork-join-executor</c> or <c>dedicated-thread-pool</c> say how many.</summary>
internal sealed class ForkJoinExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new DedicatedThreads(id, ThreadCount());

    private int ThreadCount()
    {
        var threads = Config.GetInt("dedicated-thread-pool.thread-count", 0);
        if (threads > 0)
            return threads;
        var settings = Config.GetConfig("fork-join-executor") ?? Config.Empty;
        var scaled = (int)Math.Ceiling(Environment.ProcessorCount * settings.GetDouble("parallelism-factor", 1.0));
        return Math.Clamp(scaled, settings.GetInt("parallelism-min", 2), settings.GetInt("parallelism-max", 64));
    }
}

internal sealed class PinnedExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new DedicatedThreads(id, 1);
}

internal sealed class DedicatedThreads : ExecutorService
{
    private readonly BlockingCollection<IRunnable> _work = [];

    public DedicatedThreads(string id, int threads)
        : base(id)
    {
        for (var i = 0; i < threads; i++)
            new Thread(Work) { IsBackground = true, Name = $"{id}-{i}" }.Start();
    }

    public override void Execute(IRunnable run)
    {
        try
        {
            _work.Add(run);
        }
        catch (InvalidOperationException e)
        {
            throw new RejectedExecutionException($"{Id} has been shut down", e);
        }
    }

    public override void Shutdown() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var run in _work.GetConsumingEnumerable())
            run.Run();
    }
}
