namespace Akka.Dispatch;

/// <summary>
/// Work that waits until the mailbox turn that its thread is in is over, so that what the turn adds to it is done in one go. Outside of
/// turns nothing can wait.
/// </summary>
internal sealed class TurnEnd : IDisposable
{
    [ThreadStatic]
    private static TurnEnd? _ofThread;

    private readonly Queue<IRunnable> _work = new();
    private int _depth;

    public static TurnEnd Enter()
    {
        var turn = _ofThread ??= new TurnEnd();
        turn._depth++;
        return turn;
    }

    /// <summary>False: this thread is in no turn, and the caller does the work itself.</summary>
    public static bool TryDefer(IRunnable work)
    {
        if (_ofThread is not { _depth: > 0 } turn)
            return false;
        if (!turn._work.Contains(work))
            turn._work.Enqueue(work);
        return true;
    }

    public void Dispose()
    {
        if (--_depth > 0 || _work.Count == 0)
            return;
        while (_work.TryDequeue(out var work))
            work.Run();
    }
}
