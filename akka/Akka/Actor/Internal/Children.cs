using System.Diagnostics.CodeAnalysis;
using Akka.Util;

namespace Akka.Actor.Internal;

/// <summary>
/// An actor's children by name, those of them that are stopping, and what the actor waits for meanwhile. A guardian's
/// are made by any thread, so each step is taken under the lock.
/// </summary>
internal sealed class Children
{
    /// <summary>Those of an actor that has stopped.</summary>
    public static readonly Children Ended = new() { _terminated = true };

    private readonly Dictionary<string, ChildRestartStats?> _byName = [];
    private HashSet<IActorRef>? _dying;
    private SuspendReason? _reason;
    private bool _terminated;
    private long _nextRandomName;

    public bool IsNormal
    {
        get
        {
            lock (_byName)
                return !_terminated && _reason is null or SuspendReason.UserRequest;
        }
    }

    public bool IsTerminating
    {
        get
        {
            lock (_byName)
                return _terminated || _reason is SuspendReason.Termination;
        }
    }

    public bool WaitsToRestart
    {
        get
        {
            lock (_byName)
                return _reason is SuspendReason.IWaitingForChildren;
        }
    }

    public string RandomName() => (Interlocked.Increment(ref _nextRandomName) - 1).Base64Encode("$");

    /// <exception cref="InvalidOperationException">The actor is terminating.</exception>
    /// <exception cref="InvalidActorNameException">The name is taken.</exception>
    public void Reserve(string name)
    {
        lock (_byName)
        {
            if (_terminated || _reason is SuspendReason.Termination)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            if (!_byName.TryAdd(name, null))
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
        }
    }

    public void Unreserve(string name)
    {
        lock (_byName)
        {
            if (_byName.TryGetValue(name, out var stats) && stats is null)
                _byName.Remove(name);
        }
    }

    /// <summary>False when the actor has stopped while its child was being made.</summary>
    public bool Add(ChildRestartStats stats)
    {
        lock (_byName)
        {
            if (!_terminated)
                _byName[stats.Child.Path.Name] = stats;
            return !_terminated;
        }
    }

    public IInternalActorRef ByName(string name)
    {
        lock (_byName)
            return _byName.TryGetValue(name, out var stats) && stats is not null ? stats.Child : ActorRefs.Nobody;
    }

    public bool TryGetStats(IActorRef actor, [MaybeNullWhen(false)] out ChildRestartStats stats)
    {
        lock (_byName)
            return Find(actor, out stats);
    }

    public IInternalActorRef[] Refs()
    {
        lock (_byName)
            return [.. _byName.Values.Where(stats => stats is not null).Select(stats => stats!.Child)];
    }

    public ChildRestartStats[] Stats()
    {
        lock (_byName)
            return [.. _byName.Values.OfType<ChildRestartStats>()];
    }

    /// <summary>Notes that a child is being stopped.</summary>
    public void Doom(IActorRef child)
    {
        lock (_byName)
        {
            if (!Find(child, out _))
                return;
            (_dying ??= []).Add(child);
            _reason ??= SuspendReason.UserRequest.Instance;
        }
    }

    /// <summary>Notes why the actor waits for its children to stop; false when none is stopping.</summary>
    public bool SetReason(SuspendReason reason)
    {
        lock (_byName)
        {
            if (_dying is not { Count: > 0 })
                return false;
            _reason = reason;
            return true;
        }
    }

    /// <summary>Forgets a child that has stopped; the reason the actor waited for, once the last of them has.</summary>
    public SuspendReason? Remove(IActorRef child)
    {
        lock (_byName)
        {
            if (Find(child, out _))
                _byName.Remove(child.Path.Name);
            if (_dying is null || !_dying.Remove(child) || _dying.Count > 0)
                return null;
            var reason = _reason;
            _reason = null;
            return reason;
        }
    }

    /// <summary>There are none any more, and there will be none.</summary>
    public void SetTerminated()
    {
        lock (_byName)
        {
            _terminated = true;
            _reason = null;
            _dying = null;
            _byName.Clear();
        }
    }

    private bool Find(IActorRef actor, [MaybeNullWhen(false)] out ChildRestartStats stats) =>
        _byName.TryGetValue(actor.Path.Name, out stats) && stats is not null && stats.Child.Equals(actor);
}
