using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch;

namespace Dynamo.Client.Proxy;

/// <summary>
/// The door between the threads of callers and the proxy. Calls that come together wake the proxy once. Answers that come together wake one thread, which completes
/// their callers' tasks one after the other; the calls that those callers make next come together too. A thread that is woken costs more than a call does.
/// </summary>
/// <param name="outside">Where the code of callers runs: it may take long, and block.</param>
internal sealed class Callers(MessageDispatcher outside)
{
    // What ended and waits, for each thread at work, before another one is woken.
    private const int Backlog = 8;

    // Tasks that a thread completes before the proxy hears of the calls made meanwhile.
    private const int AtATime = 64;

    private static readonly int MaxThreads = Math.Max(1, Environment.ProcessorCount / 2);

    [ThreadStatic]
    private static Callers? t_completing;

    private readonly ConcurrentQueue<Call> _made = new();
    private readonly ConcurrentQueue<Call> _ended = new();
    private readonly TaskCompletionSource _connected = new();
    private volatile IActorRef _proxy = ActorRefs.Nobody;
    private volatile bool _isOpen = true;
    private int _isTold;
    private int _threads;

    /// <summary>Names the proxy, before the first call.</summary>
    public void Belong(IActorRef proxy) => _proxy = proxy;

    /// <summary>Done when the proxy knows the cluster.</summary>
    public Task WhenConnected => _connected.Task;

    /// <summary>Takes a caller's call, on any thread; it fails at once when the proxy has ended.</summary>
    public void Make(Call call)
    {
        _made.Enqueue(call);
        // Either the proxy sees the call as it ends, or this sees that it has ended.
        Interlocked.MemoryBarrier();
        if (!_isOpen) call.Fail(new DynamoUnavailableException("the client has ended"));
        if (t_completing != this) Tell();
    }

    /// <summary>For the proxy, as it starts.</summary>
    public void Open() => _isOpen = true;

    /// <summary>For the proxy, as it ends: no call is taken any more.</summary>
    public void Close() => _isOpen = false;

    /// <summary>For the proxy: the calls that were made, each once.</summary>
    public IEnumerable<Call> TakeMade()
    {
        Interlocked.Exchange(ref _isTold, 0);
        while (_made.TryDequeue(out var call)) yield return call;
    }

    /// <summary>For the proxy: it knows the cluster.</summary>
    public void Connected() => outside.Schedule(() => _connected.TrySetResult());

    /// <summary>For the proxy: a call that has its outcome. <see cref="Flush"/> follows.</summary>
    public void End(Call call) => _ended.Enqueue(call);

    /// <summary>For the proxy, after a turn: has the callers told of what has ended.</summary>
    public void Flush()
    {
        if (_ended.IsEmpty) return;
        // What has ended must be seen by a thread that is about to leave, or that it leaves must be seen here.
        Interlocked.MemoryBarrier();
        var threads = Volatile.Read(ref _threads);
        while (_ended.Count is var count && count > threads * Backlog && threads < MaxThreads)
        {
            var seen = Interlocked.CompareExchange(ref _threads, threads + 1, threads);
            if (seen == threads)
            {
                outside.Schedule(Complete);
                return;
            }
            threads = seen;
        }
    }

    /// <summary>For the proxy, now and then. Whoever is told may block its thread, even to wait for a call that is in line behind it: the others go on.</summary>
    /// <returns>Whether calls were made that the proxy was not told of.</returns>
    public bool Unblock()
    {
        if (!_ended.IsEmpty)
        {
            Interlocked.Increment(ref _threads);
            outside.Schedule(Complete);
        }
        return !_made.IsEmpty;
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0) _proxy.Tell(CallsMade.Instance, ActorRefs.NoSender);
    }

    private void Complete()
    {
        t_completing = this;
        for (var completed = 1; _ended.TryDequeue(out var call); completed++)
        {
            call.Complete();
            if (completed % AtATime == 0 && !_made.IsEmpty) Tell();
        }
        t_completing = null;
        Interlocked.Decrement(ref _threads);
        if (!_made.IsEmpty) Tell();
        // What ended between the last look and the step down.
        Flush();
    }
}

/// <summary>Calls wait for the proxy.</summary>
internal sealed record CallsMade
{
    public static readonly CallsMade Instance = new();
}
