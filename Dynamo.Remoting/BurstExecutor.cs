using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;

namespace Dynamo.Remoting;

/// <summary>
/// Makes the executor of a dispatcher whose actors run in bursts, on as few threads as keep up: <c>executor = "Dynamo.Remoting.BurstExecutorConfigurator,
/// Dynamo.Remoting"</c>. For actors that never block. <c>burst-executor.max-threads</c> bounds the threads; 0 is half of the processors.
/// </summary>
public sealed class BurstExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id)
    {
        var max = Config.GetInt("burst-executor.max-threads", 0);
        return new BurstExecutor(id, max > 0 ? max : BurstExecutor.UsualThreads);
    }
}

/// <summary>
/// Runs turns from one queue on one thread while that keeps up, and on further threads when turns gather: waking a thread for a turn costs more than most turns
/// do.
/// </summary>
internal sealed class BurstExecutor(string id, int maxThreads) : ExecutorService(id)
{
    // Waiting turns per running thread before another thread is woken.
    private const int Backlog = 64;

    // Turns that run before their output is sent.
    private const int TurnsAtATime = 64;

    /// <summary>The default maximum of threads: half of the processors.</summary>
    public static int UsualThreads { get; } = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly ConcurrentQueue<IRunnable> _turns = new();
    private int _threads;

    public override void Execute(IRunnable run)
    {
        _turns.Enqueue(run);
        // Either a thread that is about to leave must see the turn, or this thread must see it leave.
        Interlocked.MemoryBarrier();
        Wake();
    }

    /// <summary>Queued turns still run: there is nothing to close.</summary>
    public override void Shutdown()
    {
    }

    private void Wake()
    {
        var threads = Volatile.Read(ref _threads);
        while (threads == 0 || (threads < maxThreads && _turns.Count > threads * Backlog))
        {
            var seen = Interlocked.CompareExchange(ref _threads, threads + 1, threads);
            if (seen == threads)
            {
                Burst.Later(new Worker(this));
                return;
            }
            threads = seen;
        }
    }

    private void Run(Worker worker)
    {
        for (var i = 0; i < TurnsAtATime; i++)
        {
            if (!_turns.TryDequeue(out var turn))
            {
                Interlocked.Decrement(ref _threads);
                if (!_turns.IsEmpty) Wake();
                return;
            }
            turn.Run();
        }
        Burst.Later(worker);
    }

    private sealed class Worker(BurstExecutor executor) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            var isOuter = Burst.TryBegin();
            executor.Run(this);
            if (isOuter) Burst.End();
        }
    }
}
