using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch;

namespace Dynamo.Client.Proxy;

/// <summary>
/// The door between the threads of callers and the proxy. Calls that come together wake the proxy once. Answers that come together wake one thread, which completes
/// their callers' tasks one after the other; the calls that those callers make next come together too. A thread that is woken costs more than a call does.
/// </summary>
internal sealed class Callers
{
    // Ended calls that wait, for each thread at work, before another thread is woken.
    private const int Backlog = 8;

    // Tasks that a thread completes before the proxy hears of the calls made meanwhile.
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

    /// <param name="outside">Where the code of callers runs: it may take long, and block.</param>
    public Callers(MessageDispatcher outside)
    {
        _outside = outside;
        _crew = new Crew(this);
    }

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
        if (t_crew != _crew) Tell();
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
    public void Connected() => _outside.Schedule(() => _connected.TrySetResult());

    /// <summary>For the proxy: a call that has its outcome. <see cref="Flush"/> follows.</summary>
    public void End(Call call) => _ended.Enqueue(call);

    /// <summary>For the proxy, after a turn: has the callers told of what has ended.</summary>
    public void Flush()
    {
        if (_ended.IsEmpty) return;
        // Either a thread that is about to leave sees the ended call, or this sees that the thread leaves.
        Interlocked.MemoryBarrier();
        var crew = _crew;
        if (crew.TryGrow(_ended.Count)) _outside.Schedule(crew.Work);
    }

    /// <summary>For the proxy, now and then. Whoever is told may block its thread, even to wait for a call that is in line behind it: others go on.</summary>
    /// <returns>Whether calls were made that the proxy was not told of.</returns>
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
        // Calls that ended between the last look and the step down.
        Flush();
    }

    /// <summary>
    /// The threads that complete tasks; the calls that callers make meanwhile are told of together. One that is held up is in the crew no more: others have its work, and each
    /// call made on it is told of at once.
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

/// <summary>Calls wait for the proxy.</summary>
internal sealed record CallsMade
{
    public static readonly CallsMade Instance = new();
}
