using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch;

namespace Dynamo.Client.Proxy;

/// <summary>
/// Connects callers' threads to the proxy. Calls that arrive together wake the proxy once. Answers that arrive together wake one thread, which completes
/// the callers' tasks one after the other, so their next calls arrive together too. Waking a thread costs more than a call.
/// </summary>
internal sealed class Callers
{
    // Ended calls waiting per working thread before another thread is woken.
    private const int Backlog = 8;

    // Tasks that a thread completes before it notifies the proxy of calls made meanwhile.
    private const int AtATime = 64;

    private static readonly int MaxThreads = Math.Max(1, Environment.ProcessorCount / 2);

    [ThreadStatic]
    private static Crew? t_crew;

    private readonly MessageDispatcher _outside;
    private readonly ConcurrentQueue<Call> _made = new();
    private readonly ConcurrentQueue<Call> _ended = new();
    private readonly TaskCompletionSource _connected = new();
    private volatile IActorRef _proxy = ActorRefs.Nobody;
    private volatile bool _isOpen = true;
    private volatile Crew _crew;
    private int _isTold;

    /// <param name="outside">Dispatcher for callers' code, which may run long or block.</param>
    public Callers(MessageDispatcher outside)
    {
        _outside = outside;
        _crew = new Crew(this);
    }

    /// <summary>Sets the proxy, before the first call.</summary>
    public void Belong(IActorRef proxy) => _proxy = proxy;

    /// <summary>Completes when the proxy knows the cluster.</summary>
    public Task WhenConnected => _connected.Task;

    /// <summary>Takes a call, on any thread; the call fails at once if the proxy has ended.</summary>
    public void Make(Call call)
    {
        _made.Enqueue(call);
        // Either the ending proxy sees this call, or this thread sees that the proxy has ended.
        Interlocked.MemoryBarrier();
        if (!_isOpen) call.Fail(new DynamoUnavailableException("the client has ended"));
        if (t_crew != _crew) Tell();
    }

    /// <summary>Called by the proxy when it starts.</summary>
    public void Open() => _isOpen = true;

    /// <summary>Called by the proxy when it ends: no more calls are taken.</summary>
    public void Close() => _isOpen = false;

    /// <summary>Called by the proxy to take the calls made, each once.</summary>
    public IEnumerable<Call> TakeMade()
    {
        Interlocked.Exchange(ref _isTold, 0);
        while (_made.TryDequeue(out var call)) yield return call;
    }

    /// <summary>Called by the proxy when it knows the cluster.</summary>
    public void Connected() => _outside.Schedule(() => _connected.TrySetResult());

    /// <summary>Called by the proxy when a call has its outcome. <see cref="Flush"/> follows.</summary>
    public void End(Call call) => _ended.Enqueue(call);

    /// <summary>Called by the proxy after a turn: completes the tasks of ended calls on other threads.</summary>
    public void Flush()
    {
        if (_ended.IsEmpty) return;
        // Either a thread that is about to leave sees the ended call, or this one sees that the thread has left.
        Interlocked.MemoryBarrier();
        var crew = _crew;
        if (crew.TryGrow(_ended.Count)) _outside.Schedule(crew.Work);
    }

    /// <summary>Called by the proxy periodically. A caller may block its thread, even on a call queued behind it, so other threads take over.</summary>
    /// <returns>True when calls were made without notifying the proxy.</returns>
    public bool Unblock()
    {
        var areUntold = !_made.IsEmpty && Volatile.Read(ref _isTold) == 0;
        if (!areUntold && _ended.IsEmpty) return false;
        _crew = new Crew(this);
        Flush();
        return areUntold;
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0) _proxy.Tell(CallsMade.Instance, ActorRefs.NoSender);
    }

    private void Complete(Crew crew)
    {
        t_crew = crew;
        for (var completed = 1; crew == _crew && _ended.TryDequeue(out var call); completed++)
        {
            call.Complete();
            if (completed % AtATime == 0 && !_made.IsEmpty) Tell();
        }
        t_crew = null;
        crew.Leave();
        if (!_made.IsEmpty) Tell();
        // Picks up calls that ended between the last dequeue and Leave.
        Flush();
    }

    /// <summary>
    /// The threads that complete tasks; they announce calls made meanwhile in batches. When one is blocked, a new crew takes over its work, and each call made
    /// on a thread of the old crew is announced at once.
    /// </summary>
    private sealed class Crew
    {
        private int _threads;

        public Crew(Callers callers) => Work = () => callers.Complete(this);

        public Action Work { get; }

        public bool TryGrow(int waiting)
        {
            var threads = Volatile.Read(ref _threads);
            while (threads < MaxThreads && waiting > threads * Backlog)
            {
                var seen = Interlocked.CompareExchange(ref _threads, threads + 1, threads);
                if (seen == threads) return true;
                threads = seen;
            }
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _threads);
    }
}

/// <summary>Tells the proxy that calls wait.</summary>
internal sealed record CallsMade
{
    public static readonly CallsMade Instance = new();
}
