using System.Collections.Concurrent;
using Akka.Dispatch;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class BurstExecutorTests
{
    [Fact]
    public async Task Every_turn_runs_once_whichever_thread_queues_it()
    {
        const int askers = 4;
        const int turns = 50_000;
        var executor = new BurstExecutor("test", maxThreads: 2);
        var runs = new int[askers * turns];
        var (left, done) = (runs.Length, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await Task.WhenAll(Enumerable.Range(0, askers).Select(asker => Task.Run(() =>
        {
            for (var i = 0; i < turns; i++)
            {
                var turn = (asker * turns) + i;
                executor.Execute(new Turn(() =>
                {
                    Interlocked.Increment(ref runs[turn]);
                    if (Interlocked.Decrement(ref left) == 0) done.SetResult();
                }));
            }
        })));
        await done.Task.WaitAsync(Given.Long);
        Assert.All(runs, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_turn_queued_by_a_turn_runs_after_it_on_the_same_thread()
    {
        var executor = new BurstExecutor("test", maxThreads: 1);
        var seen = new ConcurrentQueue<(string What, int Thread)>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Execute(new Turn(() =>
        {
            executor.Execute(new Turn(() =>
            {
                seen.Enqueue(("second", Environment.CurrentManagedThreadId));
                done.SetResult();
            }));
            seen.Enqueue(("first", Environment.CurrentManagedThreadId));
        }));
        await done.Task.WaitAsync(Given.Long);
        Assert.Equal(["first", "second"], seen.Select(s => s.What));
        Assert.Single(seen.Select(s => s.Thread).Distinct());
    }

    [Fact]
    public async Task Another_thread_helps_when_turns_queue_behind_a_slow_one()
    {
        var executor = new BurstExecutor("test", maxThreads: 2);
        using var release = new ManualResetEventSlim();
        var (left, done) = (500, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        executor.Execute(new Turn(() => release.Wait(Given.Long)));
        for (var i = 0; i < 500; i++)
        {
            executor.Execute(new Turn(() =>
            {
                if (Interlocked.Decrement(ref left) == 0) done.SetResult();
            }));
        }
        await done.Task.WaitAsync(Given.Long);
        release.Set();
    }

    private sealed class Turn(Action action) : IRunnable
    {
        public void Run() => action();

        public void Execute() => action();
    }
}
