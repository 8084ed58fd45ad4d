using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Xunit.Sdk;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// Gives each world a thread that ends with it. Akka.NET's thread-local caches hold their actor system, and so the whole world: a thread that lives
/// on would never let go of them.
/// </summary>
internal static class OwnThread
{
    /// <summary>Runs a world for each seed, as many at a time as there are processors; a failure names its seed.</summary>
    public static void ForEachSeed(IEnumerable<int> seeds, Action<int> act)
    {
        var failures = new ConcurrentBag<(int Seed, Exception Failure)>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            try
            {
                Run(() => act(seed));
            }
            catch (Exception e)
            {
                failures.Add((seed, e));
            }
        });
        if (failures.OrderBy(f => f.Seed).FirstOrDefault() is ({ } seed, { } failure)) throw new XunitException($"seed {seed}: {failure.Message}", failure);
    }

    public static void Run(Action act) => Run(() =>
    {
        act();
        return true;
    });

    public static T Run<T>(Func<T> act)
    {
        T? result = default;
        ExceptionDispatchInfo? broken = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = act();
            }
            catch (Exception e)
            {
                broken = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        thread.Join();
        broken?.Throw();
        return result!;
    }
}
