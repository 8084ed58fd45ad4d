using System.Runtime.ExceptionServices;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// Gives each world a thread that ends with it. Akka.NET's thread-local caches hold their actor system, and so the whole world: a thread that lives
/// on would never let go of them.
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
