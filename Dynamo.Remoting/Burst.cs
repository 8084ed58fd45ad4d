namespace Dynamo.Remoting;

/// <summary>
/// What a thread still does before it goes back to the pool. Frames that one receive brought wake actors, their turns wake others, and what they answer is
/// written to connections: all of it runs here, one after the other, on the thread that received. A thread that is woken costs more than a turn, and what
/// several turns write to one connection is one send.
/// </summary>
internal sealed class Burst
{
    // Long enough to be worth its start, and short enough that what else waits for a thread of the pool is not kept from it.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2);

    [ThreadStatic]
    private static Burst? t_current;

    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private bool _isOpen;

    /// <summary>Runs an item at the end of this thread's burst; where it is in none, on a thread of the pool.</summary>
    public static void Later(IThreadPoolWorkItem item)
    {
        if (t_current is { _isOpen: true } burst) burst._items.Enqueue(item);
        else ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: true);
    }

    /// <summary>Begins a burst; <see cref="End"/> ends it.</summary>
    /// <returns>False when this thread is in one already.</returns>
    public static bool TryBegin()
    {
        var burst = t_current ??= new Burst();
        if (burst._isOpen) return false;
        return burst._isOpen = true;
    }

    /// <summary>Does what was left for later, and what that leaves; after some time the pool does the rest.</summary>
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
