using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => CoordinatedShutdown.Create(system);
}

/// <summary>
/// Stops a system in phases, each after those it depends on. The tasks of a phase run side by side; a phase that takes
/// longer than its timeout, or fails, is left behind, unless its <c>recover</c> is off.
/// </summary>
public sealed partial class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly IReadOnlyDictionary<string, Phase> _phases;
    private readonly string[] _order;
    private readonly ConcurrentDictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = new();
    private readonly TaskCompletionSource<Done> _done = new();
    private readonly ILoggingAdapter _log;
    private Reason? _reason;

    private CoordinatedShutdown(ExtendedActorSystem system, IReadOnlyDictionary<string, Phase> phases)
    {
        System = system;
        _phases = phases;
        _order = Phase.Sort(phases);
        _log = Logging.GetLogger(system, GetType());
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Null as long as it is not being run.</summary>
    public Reason ShutdownReason => Volatile.Read(ref _reason)!;

    /// <summary>What the phases that have tasks, and the last one, may take in all.</summary>
    public TimeSpan TotalTimeout => _tasks.Keys.Append(PhaseActorSystemTerminate).Distinct()
        .Where(_phases.ContainsKey).Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    public static CoordinatedShutdown Get(ActorSystem sys) => (CoordinatedShutdown)sys.RegisterExtension(new CoordinatedShutdownExtension());

    /// <exception cref="ArgumentException">The configuration knows no such phase, or the task has no name.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_phases.ContainsKey(phase))
            throw new ConfigurationException($"Unknown phase [{phase}], known phases [{string.Join(",", _phases.Keys)}]. All phases (along with their optional dependencies) must be defined in configuration.");
        if (string.IsNullOrEmpty(taskName))
            throw new ArgumentException("Set a task name when adding tasks to the Coordinated Shutdown. Try to use unique, self-explanatory names.", nameof(taskName));
        ArgumentNullException.ThrowIfNull(task);
        var tasks = _tasks.GetOrAdd(phase, _ => []);
        lock (tasks)
            tasks.Add((taskName, task));
    }

    public TimeSpan Timeout(string phase) => _phases.TryGetValue(phase, out var found)
        ? found.Timeout
        : throw new ArgumentException($"Unknown phase [{phase}]. All phases must be defined in configuration", nameof(phase));

    /// <summary>Runs the phases from the given one on, or all; a second call gets the task of the first.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _log.Debug("Running CoordinatedShutdown with reason [{0}]", reason.GetType().Name);
            RunPhasesFrom(fromPhase is null ? 0 : Math.Max(0, Array.IndexOf(_order, fromPhase)));
        }

        return _done.Task;
    }

    internal static CoordinatedShutdown Create(ExtendedActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        var shutdown = new CoordinatedShutdown(system, Phase.ReadAll(config));
        if (config.GetBoolean("terminate-actor-system"))
            shutdown.TerminateSystemInLastPhase(config.GetBoolean("exit-clr"));
        if (config.GetBoolean("run-by-clr-shutdown-hook"))
            shutdown.RunOnProcessExit();
        return shutdown;
    }

    private void TerminateSystemInLastPhase(bool exitClr) => AddTask(PhaseActorSystemTerminate, "terminate-system", () =>
    {
        ((Internal.ActorSystemImpl)System).FinalTerminate();
        return System.WhenTerminated.ContinueWith(
            _ =>
            {
                if (exitClr && _reason is not ClrExitReason)
                    ThreadPool.QueueUserWorkItem(static _ => Environment.Exit(0));
                return Done.Instance;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    });

    private void RunOnProcessExit()
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        System.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= OnExit);

        void OnExit(object? sender, EventArgs e) => Run(ClrExitReason.Instance).Wait(TotalTimeout);
    }

    private void RunPhasesFrom(int index)
    {
        for (; index < _order.Length; index++)
        {
            var phase = _phases[_order[index]];
            if (!phase.Enabled || !_tasks.TryGetValue(phase.Name, out var tasks))
                continue;
            var next = index + 1;
            // Not here: this may be the turn of an actor, which the tasks would then be part of and may outlive.
            System.Dispatchers.DefaultGlobalDispatcher.Schedule(() => RunPhase(phase, tasks, next));
            return;
        }

        _done.TrySetResult(Done.Instance);
    }

    private void RunPhase(Phase phase, List<(string Name, Func<Task<Done>> Task)> tasks, int next)
    {
        (string Name, Func<Task<Done>> Task)[] registered;
        lock (tasks)
            registered = [.. tasks];
        var all = Task.WhenAll(registered.Select(task => StartTask(phase, task.Name, task.Task)));
        new PhaseEnd(this, phase, all, () => RunPhasesFrom(next)).Await();
    }

    private Task StartTask(Phase phase, string name, Func<Task<Done>> task)
    {
        _log.Debug("Performing task [{0}] in CoordinatedShutdown phase [{1}]", name, phase.Name);
        try
        {
            return task().ContinueWith(
                ended =>
                {
                    if (ended.Exception is { } failure && phase.Recover)
                        _log.Warning(failure.InnerException, "Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, failure.InnerException?.Message);
                    else
                        ended.GetAwaiter().GetResult();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
        catch (Exception e) when (phase.Recover)
        {
            _log.Warning(e, "Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, e.Message);
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }
}
