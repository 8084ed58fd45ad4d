using System.Diagnostics.CodeAnalysis;
using Akka.Actor.Internal;
using Akka.Util;

namespace Akka.Actor;

// The children by name, and what the actor waits for while they stop.
public partial class ActorCell
{
    private readonly Lock _childrenLock = new();
    private Dictionary<string, ChildRestartStats?>? _children;
    private HashSet<IActorRef>? _dyingChildren;
    private SuspendReason? _childrenReason;
    private bool _childrenTerminated;
    private long _nextRandomName;

    internal bool IsNormal
    {
        get
        {
            lock (_childrenLock)
                return !_childrenTerminated && _childrenReason is null or SuspendReason.UserRequest;
        }
    }

    internal bool IsTerminating
    {
        get
        {
            lock (_childrenLock)
                return _childrenTerminated || _childrenReason is SuspendReason.Termination;
        }
    }

    private bool WaitsForChildrenToRestart => _childrenReason is SuspendReason.IWaitingForChildren;

    public IActorRef ActorOf(Props props, string? name = null) => AttachChild(props, isSystemService: false, name);

    public virtual IActorRef AttachChild(Props props, bool isSystemService, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        var childName = name is null ? RandomName() : CheckName(name);
        ReserveChild(childName);
        IInternalActorRef child;
        try
        {
            var path = new ChildActorPath(_self.Path, childName, _system.NewUid());
            child = _system.Provider.ActorOf(
                _system, props, _self, path, isSystemService, deploy: null, lookupDeploy: true, async: false);
        }
        catch
        {
            UnreserveChild(childName);
            throw;
        }

        // A child that is made while its parent is suspended is suspended as often.
        for (var i = Mailbox.SuspendCount; i > 0; i--)
            child.Suspend();
        InitChild(child);
        child.Start();
        return child;
    }

    /// <summary>Makes a guardian, which is told its dispatcher and its mailbox, and is started by who asked for it.</summary>
    internal IInternalActorRef AttachGuardian(
        string name, ActorSystemImpl system, Props props, Dispatch.MessageDispatcher dispatcher, Dispatch.MailboxType mailboxType)
    {
        ReserveChild(name);
        var guardian = new LocalActorRef(system, props, dispatcher, mailboxType, _self, new ChildActorPath(_self.Path, name, UndefinedUid));
        InitChild(guardian);
        return guardian;
    }

    public void Stop(IActorRef child)
    {
        if (child.Equals(_self))
        {
            _self.Stop();
            return;
        }

        lock (_childrenLock)
        {
            if (TryGetStats(child, out _) && _dyingChildren?.Contains(child) != true)
            {
                (_dyingChildren ??= []).Add(child);
                _childrenReason ??= SuspendReason.UserRequest.Instance;
            }
        }

        ((IInternalActorRef)child).Stop();
    }

    public IEnumerable<IInternalActorRef> GetChildren()
    {
        lock (_childrenLock)
            return Refs(_children);
    }

    IEnumerable<IActorRef> IActorContext.GetChildren() => GetChildren();

    IActorRef IActorContext.Child(string name) => GetChildByName(name);

    /// <summary><see cref="Nobody"/> when there is no child of that name.</summary>
    public IInternalActorRef GetChildByName(string name)
    {
        lock (_childrenLock)
            return _children is not null && _children.TryGetValue(name, out var stats) && stats is not null ? stats.Child : ActorRefs.Nobody;
    }

    /// <summary>The child of a name, or of a name#uid in that one incarnation.</summary>
    public IInternalActorRef GetSingleChild(string name)
    {
        if (!name.Contains('#'))
            return GetChildByName(name);
        var (childName, uid) = ActorPath.SplitNameAndUid(name);
        var child = GetChildByName(childName);
        return uid == UndefinedUid || child.Path.Uid == uid ? child : ActorRefs.Nobody;
    }

    public ChildRestartStats InitChild(IInternalActorRef actor)
    {
        var stats = new ChildRestartStats(actor) { Clock = _system.Scheduler };
        lock (_childrenLock)
            _children![actor.Path.Name] = stats;
        return stats;
    }

    protected void ReserveChild(string name)
    {
        lock (_childrenLock)
        {
            if (_childrenTerminated || _childrenReason is SuspendReason.Termination)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            _children ??= [];
            if (!_children.TryAdd(name, null))
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
        }
    }

    protected void UnreserveChild(string name)
    {
        lock (_childrenLock)
        {
            if (_children!.TryGetValue(name, out var stats) && stats is null)
                _children.Remove(name);
        }
    }

    protected bool TryGetChildStatsByRef(IActorRef actor, [MaybeNullWhen(false)] out ChildRestartStats child)
    {
        lock (_childrenLock)
            return TryGetStats(actor, out child);
    }

    private static IInternalActorRef[] Refs(Dictionary<string, ChildRestartStats?>? children) =>
        children is null ? [] : [.. children.Values.Where(stats => stats is not null).Select(stats => stats!.Child)];

    private static string CheckName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters and digits, or these characters: {ActorPath.ValidSymbols}");
        }

        return name;
    }

    private string RandomName() => (Interlocked.Increment(ref _nextRandomName) - 1).Base64Encode("$");

    private bool TryGetStats(IActorRef actor, [MaybeNullWhen(false)] out ChildRestartStats child)
    {
        child = null;
        return _children is not null && _children.TryGetValue(actor.Path.Name, out child) && child is not null && child.Child.Equals(actor);
    }

    /// <summary>Notes why the actor waits for its children to stop; false when none is stopping.</summary>
    private bool SetChildrenTerminationReason(SuspendReason reason)
    {
        lock (_childrenLock)
        {
            if (_dyingChildren is not { Count: > 0 })
                return false;
            _childrenReason = reason;
            return true;
        }
    }

    private void SetChildrenTerminated()
    {
        lock (_childrenLock)
        {
            _childrenTerminated = true;
            _childrenReason = null;
            _children = null;
            _dyingChildren = null;
        }
    }

    /// <summary>Forgets a child that has stopped; the reason the actor waited for, once the last of them has.</summary>
    private SuspendReason? RemoveChildAndGetStateChange(IActorRef child)
    {
        lock (_childrenLock)
        {
            if (TryGetStats(child, out _))
                _children!.Remove(child.Path.Name);
            if (_dyingChildren is null || !_dyingChildren.Remove(child) || _dyingChildren.Count > 0)
                return null;
            var reason = _childrenReason;
            _childrenReason = null;
            return reason;
        }
    }

    private IReadOnlyCollection<ChildRestartStats> AllStats()
    {
        lock (_childrenLock)
            return _children is null ? [] : [.. _children.Values.Where(stats => stats is not null)!];
    }

    private void SuspendChildren(IActorRef? except = null)
    {
        foreach (var child in GetChildren())
        {
            if (except is null || !child.Equals(except))
                child.Suspend();
        }
    }

    private void ResumeChildren(Exception? causedByFailure, IActorRef? perpetrator)
    {
        foreach (var child in GetChildren())
            child.Resume(perpetrator is not null && child.Equals(perpetrator) ? causedByFailure : null);
    }
}
