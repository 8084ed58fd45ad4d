namespace Dynamo.Remoting;

/// <summary>
/// The work that a thread does before it goes back to the pool. Frames from one receive wake actors, their turns wake others, and their answers are written
/// to connections: all of it runs here, one item after the other, on the thread that received. Waking a thread costs more than a turn, and all that several
/// turns write to one connection goes out in one send.
/// </summary>
internal sealed class Burst
{
    // Long enough to be worth its start, and short enough not to keep other work of the pool waiting.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2);

    [ThreadStatic]
    private static Burst? t_current;

    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private bool _isOpen;

    /// <summary>Runs an item at the end of this thread's burst; outside a burst, on a thread of the pool.</summary>
    public static void Later(IThreadPoolWorkItem item)
    {
        if (t_current is { _isOpen: true } burst) burst._items.Enqueue(item);
        else ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: true);
    }

    /// <summary>Begins a burst; <see cref="End"/> ends it.</summary>
    /// <returns>False when this thread is in a burst already.</returns>
    public static bool TryBegin()
    {
        var burst = t_current ??= new Burst();
        if (burst._isOpen) return false;
        return burst._isOpen = true;
    }

    /// <summary>Runs the items left for later, and those that they leave in turn; after some time the pool runs the rest.</summary>
    public static void End()
    {
        var burst = t_current!;
        var began = Environment.TickCount64;
        while (burst._items.TryDequeue(out var item))
        {
            item.Execute();
            if (burst._items.Count == 0 || Environment.TickCount64 - began <= Longest.TotalMilliseconds) continue;
            while (burst._items.TryDequeue(out var rest)) ThreadPool.UnsafeQueueUserWorkItem(rest, preferLocal: false);
        }
        burst._isOpen = false;
    }
}
