using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class CoordinatedShutdown
{
    /// <summary>Goes on when a phase's tasks have ended or its time is up, whichever is first.</summary>
    private sealed class PhaseEnd(CoordinatedShutdown shutdown, Phase phase, Task tasks, Action next)
    {
        private ICancelable? _timer;
        private int _over;

        public void Await()
        {
            if (!tasks.IsCompleted)
            {
                try
                {
                    _timer = shutdown.System.Scheduler.RunOnceLater(
                        phase.Timeout, new ActionRunnable(() => shutdown.System.Dispatchers.DefaultGlobalDispatcher.Schedule(TimeUp)));
                }
                catch (SchedulerException)
                {
                    // The last phase has stopped the scheduler; it cannot hang any more.
                }
            }

            tasks.ContinueWith(_ => Ended(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        private void TimeUp()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
                return;
            if (phase.Recover)
            {
                shutdown._log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase.Name, phase.Timeout);
                next();
            }
            else
            {
                shutdown._done.TrySetException(new TimeoutException($"Coordinated shutdown phase [{phase.Name}] timed out after {phase.Timeout}"));
            }
        }

        private void Ended()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
                return;
            _timer?.Cancel();
            if (tasks.Exception is { } failure && !phase.Recover)
                shutdown._done.TrySetException(failure.InnerExceptions);
            else
                next();
        }
    }

    /// <summary>A phase as the configuration describes it.</summary>
    internal sealed record Phase(string Name, HashSet<string> DependsOn, TimeSpan Timeout, bool Recover, bool Enabled)
    {
        public static Dictionary<string, Phase> ReadAll(Config config)
        {
            var defaultTimeout = config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5), allowInfinite: false);
            var phases = config.GetConfig("phases");
            var result = new Dictionary<string, Phase>();
            foreach (var (name, _) in phases.AsEnumerable())
            {
                var phase = phases.GetConfig(name);
                result.Add(name, new Phase(
                    name,
                    [.. phase.GetStringList("depends-on")],
                    phase.GetTimeSpan("timeout", defaultTimeout, allowInfinite: false),
                    phase.GetBoolean("recover", true),
                    phase.GetBoolean("enabled", true)));
            }

            return result;
        }

        /// <summary>The phases in an order in which each comes after those it depends on.</summary>
        /// <exception cref="ArgumentException">They depend on each other in a circle.</exception>
        public static string[] Sort(IReadOnlyDictionary<string, Phase> phases)
        {
            var order = new List<string>();
            var visiting = new HashSet<string>();
            foreach (var name in phases.Keys)
                Visit(name);
            return [.. order];

            void Visit(string name)
            {
                if (order.Contains(name))
                    return;
                if (!visiting.Add(name))
                    throw new ArgumentException($"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself.");
                foreach (var before in phases.TryGetValue(name, out var phase) ? phase.DependsOn : [])
                    Visit(before);
                visiting.Remove(name);
                if (phases.ContainsKey(name))
                    order.Add(name);
            }
        }
    }
}
