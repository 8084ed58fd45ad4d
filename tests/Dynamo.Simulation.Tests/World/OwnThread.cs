using System.Runtime.ExceptionServices;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// A thread for each world, which ends with it. Akka.NET keeps caches of each thread that hold their actor system, and so the whole world: on a thread that goes
/// on they are never let go.
/// </summary>
internal static class OwnThread
{
    public static void ForEach<T>(IEnumerable<T> all, Action<T> act)
    {
        foreach (var one in all) Run(() => act(one));
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
