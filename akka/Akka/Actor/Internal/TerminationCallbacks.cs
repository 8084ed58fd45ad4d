using Akka.Dispatch;

namespace Akka.Actor.Internal;

/// <summary>What runs when a system has stopped, the latest first, and the task that says it has.</summary>
internal sealed class TerminationCallbacks
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new();
    private readonly Stack<Action> _callbacks = new();
    private bool _running;

    public Task Done => _done.Task;

    public void Add(Action code)
    {
        lock (_lock)
        {
            if (_running)
                throw new InvalidOperationException("Cannot register a termination callback: the system has terminated already");
            _callbacks.Push(code);
        }
    }

    /// <summary>Runs outside of any actor's turn: who awaits the end goes on in here.</summary>
    public void RunAfter(Task termination, MessageDispatcher dispatcher, Action last) =>
        termination.ContinueWith(
            _ => dispatcher.Schedule(() => Run(last)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    private void Run(Action last)
    {
        Action[] callbacks;
        lock (_lock)
        {
            _running = true;
            callbacks = [.. _callbacks];
        }

        var failures = new List<Exception>();
        foreach (var callback in callbacks.Append(last))
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            _done.TrySetException(failures);
        else
            _done.TrySetResult();
    }
}
