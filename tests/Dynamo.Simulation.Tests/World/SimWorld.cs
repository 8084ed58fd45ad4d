using System.Collections.Concurrent;
using System.Text;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// One thread, virtual time and one seed: everything that happens in a simulated cluster is an event here. Actor turns become ready at once
/// and the seed chooses among them; timers, frames and disk commits happen at their time. The same seed gives the same events.
/// </summary>
public sealed class SimWorld
{
    private static readonly ConcurrentDictionary<string, SimWorld> Worlds = new();

    [ThreadStatic]
    private static SimWorld? _current;

    private readonly PriorityQueue<Event, (long At, long Order)> _events = new();

    // Processes that have a turn to run and may run it now.
    private readonly List<SimProcess> _ready = [];
    private readonly StringBuilder? _log;
    private ulong _logHash = 14695981039346656037;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Random _akkasRandom;
    private string? _intruder;
    private long _order;
    private long _turnsAtThisTime;

    public SimWorld(int seed, bool keepLog = false)
    {
        Seed = seed;
        Random = new Random(seed);
        _akkasRandom = new Random(Random.Next());
        Id = Guid.NewGuid().ToString("n");
        _log = keepLog ? new StringBuilder() : null;
        Network = new SimNetwork(this);
        Worlds[Id] = this;
    }

    public int Seed { get; }

    /// <summary>The name in the configuration by which actor systems find their world.</summary>
    public string Id { get; }

    public Random Random { get; }

    public SimNetwork Network { get; }

    /// <summary>The rule that is broken on purpose on the wire.</summary>
    public WireMutation Mutation { get; init; }

    /// <summary>Transports ignore commands to renew connections.</summary>
    public bool KeepsLinks { get; init; }

    /// <summary>The cluster, for a tampering serializer that has to know the true state.</summary>
    public SimCluster? Cluster { get; set; }

    public TimeSpan Now { get; private set; }

    /// <summary>The world that this thread is in.</summary>
    public static SimWorld? Current => _current;

    public long Events { get; private set; }

    /// <summary>Every event, one per line, if a log was asked for.</summary>
    public string Log => _log?.ToString() ?? "";

    /// <summary>A hash of every event: two runs that agree on it were the same run.</summary>
    public ulong LogHash => _logHash;

    public static SimWorld Of(string id) => Worlds[id];

    /// <summary>Makes this thread the world's: nothing runs elsewhere, and Akka.NET's random source and clock are the world's.</summary>
    public void Enter()
    {
        DemandOwnThread();
        SynchronizationContext.SetSynchronizationContext(null);
        (_current, Internals.AkkasRandom) = (this, _akkasRandom);
    }

    /// <summary>Fails the run when another thread reaches the world, even if the intruder's exception is lost: the run is then worthless.</summary>
    public void DemandOwnThread()
    {
        if (Environment.CurrentManagedThreadId == _thread) return;
        _intruder ??= Environment.StackTrace;
        throw new InvalidOperationException($"seed {Seed}: another thread reached the world");
    }

    public static SimProcess ProcessOf(Akka.Configuration.Config config) => Of(config.GetString("sim.world", "")).Network.Process(config.GetString("sim.process", ""));

    public void Close() => Worlds.TryRemove(Id, out _);

    public void Note(string what)
    {
        _log?.Append(Now.TotalMilliseconds).Append(' ').Append(what).Append('\n');
        Hash(what);
        _logHash = (_logHash ^ (ulong)Now.Ticks) * 1099511628211;
    }

    /// <summary>The same for the most frequent events: builds no line unless there is a log.</summary>
    public void Note(string what, SimProcess from, SimProcess to, long bytes)
    {
        _log?.Append(Now.TotalMilliseconds).Append(' ').Append(what).Append(' ').Append(from.Name).Append('>').Append(to.Name).Append(' ').Append(bytes).Append('\n');
        Hash(what);
        Hash(from.Name);
        Hash(to.Name);
        _logHash = (_logHash ^ (ulong)bytes) * 1099511628211;
        _logHash = (_logHash ^ (ulong)Now.Ticks) * 1099511628211;
    }

    private void Hash(string what)
    {
        foreach (var c in what) _logHash = (_logHash ^ c) * 1099511628211;
    }

    /// <summary>Schedules an event of the world itself: a fault, or the arrival of a frame.</summary>
    public void At(TimeSpan delay, Action action) => Enqueue(delay, null, 0, action);

    /// <summary>Schedules an event of a process: it runs as a turn of the process, later if that is paused, never if it has died.</summary>
    public void At(TimeSpan delay, SimProcess process, Action action) => Enqueue(delay, process, process.Life, action);

    public void Ready(SimProcess process, Action turn)
    {
        DemandOwnThread();
        process.Turns.Enqueue(turn);
        Sort(process);
    }

    /// <summary>A task that completes after some virtual time; its continuation runs synchronously.</summary>
    public Task Delay(TimeSpan time)
    {
        var done = new TaskCompletionSource();
        At(time, () => done.SetResult());
        return done.Task;
    }

    /// <returns>False when the time limit came first.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        Enter();
        var end = Now + limit;
        while (!condition())
        {
            if (!Step(end)) return condition();
        }
        return true;
    }

    public void RunFor(TimeSpan time) => RunUntil(() => false, time);

    private bool Step(TimeSpan end)
    {
        if (_intruder is not null) throw new InvalidOperationException($"seed {Seed}: another thread reached the world:\n{_intruder}");
        Events++;
        if (_ready.Count > 0)
        {
            if (++_turnsAtThisTime > 5_000_000) throw new InvalidOperationException($"seed {Seed}: time stands still at {Now}");
            var process = _ready[Random.Next(_ready.Count)];
            var turn = process.Turns.Dequeue();
            Sort(process);
            turn();
            Charge(process);
            return true;
        }
        if (!_events.TryPeek(out _, out var next) || next.At > end.Ticks)
        {
            Now = end;
            return false;
        }
        var due = _events.Dequeue();
        if (next.At > Now.Ticks)
        {
            Now = new TimeSpan(next.At);
            _turnsAtThisTime = 0;
        }
        if (due.Process is null) due.Action();
        else if (due.Process.Life == due.Life) Ready(due.Process, due.Action);
        return true;
    }

    private void Charge(SimProcess process)
    {
        if (process.TurnCost == TimeSpan.Zero) return;
        process.BusyUntil = Now + process.TurnCost;
        Sort(process);
        At(process.TurnCost, () => Sort(process));
    }

    internal void Forget(SimProcess process)
    {
        process.Turns.Clear();
        Sort(process);
    }

    /// <summary>Adds the process to the ready ones, or removes it.</summary>
    internal void Sort(SimProcess process)
    {
        var isReady = process.Turns.Count > 0 && !process.IsPaused && process.BusyUntil <= Now;
        if (isReady == process.ReadyIndex >= 0) return;
        if (isReady)
        {
            process.ReadyIndex = _ready.Count;
            _ready.Add(process);
            return;
        }
        var last = _ready[^1];
        (_ready[process.ReadyIndex], last.ReadyIndex, process.ReadyIndex) = (last, process.ReadyIndex, -1);
        _ready.RemoveAt(_ready.Count - 1);
    }

    private void Enqueue(TimeSpan delay, SimProcess? process, int life, Action action)
    {
        DemandOwnThread();
        var at = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _events.Enqueue(new Event(process, life, action), (at.Ticks, ++_order));
    }

    private sealed record Event(SimProcess? Process, int Life, Action Action);
}
