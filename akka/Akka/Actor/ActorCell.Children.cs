using System.Diagnostics.CodeAnalysis;
using Akka.Actor.Internal;

namespace Akka.Actor;

public partial class ActorCell
{
    /// <summary>Null as long as there has been no child.</summary>
    private Children? _children;

    internal bool IsNormal => _children?.IsNormal ?? true;

    internal bool IsTerminating => _children?.IsTerminating ?? false;

    private bool WaitsForChildrenToRestart => _children?.WaitsToRestart ?? false;

    public IActorRef ActorOf(Props props, string? name = null) => AttachChild(props, isSystemService: false, name);

    public virtual IActorRef AttachChild(Props props, bool isSystemService, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        var children = EnsureChildren();
        var childName = name is null ? children.RandomName() : CheckName(name);
        children.Reserve(childName);
        IInternalActorRef child;
        try
        {
            var path = new ChildActorPath(_self.Path, childName, _system.NewUid());
            child = _system.Provider.ActorOf(
                _system, props, _self, path, isSystemService, deploy: null, lookupDeploy: true, async: false);
        }
        catch
        {
            children.Unreserve(childName);
            throw;
        }

        // A child that is made while its parent is suspended is suspended as often.
        for (var i = Mailbox.SuspendCount; i > 0; i--)
            child.Suspend();
        var hasParent = children.Add(StatsOf(child));
        child.Start();
        if (!hasParent)
            child.Stop();
        return child;
    }

    /// <summary>Makes a guardian, which is told its dispatcher and its mailbox, and is started by who asked for it.</summary>
    internal IInternalActorRef AttachGuardian(
        string name, ActorSystemImpl system, Props props, Dispatch.MessageDispatcher dispatcher, Dispatch.MailboxType mailboxType)
    {
        EnsureChildren().Reserve(name);
        var guardian = new LocalActorRef(system, props, dispatcher, mailboxType, _self, new ChildActorPath(_self.Path, name, UndefinedUid));
        InitChild(guardian);
        return guardian;
    }

    public void Stop(IActorRef child)
    {
        if (!child.Equals(_self))
            _children?.Doom(child);
        ((IInternalActorRef)child).Stop();
    }

    public IEnumerable<IInternalActorRef> GetChildren() => _children?.Refs() ?? [];

    IEnumerable<IActorRef> IActorContext.GetChildren() => GetChildren();

    IActorRef IActorContext.Child(string name) => GetChildByName(name);

    /// <summary><see cref="Nobody"/> when there is no child of that name.</summary>
    public IInternalActorRef GetChildByName(string name) => _children?.ByName(name) ?? ActorRefs.Nobody;

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
        var stats = StatsOf(actor);
        EnsureChildren().Add(stats);
        return stats;
    }

    protected bool TryGetChildStatsByRef(IActorRef actor, [MaybeNullWhen(false)] out ChildRestartStats child)
    {
        child = null;
        return _children is not null && _children.TryGetStats(actor, out child);
    }

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

    /// <summary>The children, one by one when asked for: a supervisor of many does not list them at each death.</summary>
    private IEnumerable<IInternalActorRef> ChildrenWhenAsked()
    {
        foreach (var child in GetChildren())
            yield return child;
    }

    private ChildRestartStats StatsOf(IInternalActorRef child) => new(child) { Clock = _system.Scheduler };

    private Children EnsureChildren()
    {
        if (Volatile.Read(ref _children) is { } children)
            return children;
        var fresh = new Children();
        return Interlocked.CompareExchange(ref _children, fresh, null) ?? fresh;
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
