using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>What a supervisor does about a child that failed.</summary>
public enum Directive
{
    Resume,
    Restart,
    Escalate,
    Stop,
}

/// <summary>Decides about the failures of an actor's children.</summary>
public abstract class SupervisorStrategy : ISurrogated
{
    /// <summary>Stops a child that could not be created, was killed or broke a death pact; restarts it for all else.</summary>
    public static readonly IDecider DefaultDecider = Akka.Actor.Decider.From(
        Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>False when the failure is to be escalated to the supervisor's own supervisor.</summary>
    public bool HandleFailure(
        ActorCell actorCell, IActorRef child, Exception cause, ChildRestartStats failedChildStats, IReadOnlyCollection<ChildRestartStats> allChildren)
    {
        var directive = Handle(child, cause);
        LogFailure(actorCell, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                ResumeChild(child, cause);
                return true;
            case Directive.Restart:
                ProcessFailure(actorCell, restart: true, child, cause, failedChildStats, allChildren);
                return true;
            case Directive.Stop:
                ProcessFailure(actorCell, restart: false, child, cause, failedChildStats, allChildren);
                return true;
            default:
                return false;
        }
    }

    public abstract void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children);

    public abstract ISurrogate ToSurrogate(ActorSystem system);

    protected abstract Directive Handle(IActorRef child, Exception exception);

    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var actor = (IInternalActorRef)child;
        if (suspendFirst)
            actor.Suspend();
        actor.Restart(cause);
    }

    protected void ResumeChild(IActorRef child, Exception exception) => ((IInternalActorRef)child).Resume(exception);

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled)
            return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        LogEvent? logEvent = directive switch
        {
            Directive.Resume => new Warning(cause, source, GetType(), message),
            Directive.Escalate => null,
            _ => new Error(cause, source, GetType(), message),
        };
        if (logEvent is not null)
            context.System.EventStream.Publish(logEvent);
    }

    private protected static int Milliseconds(TimeSpan? window) =>
        window is { } span && span < TimeSpan.MaxValue && span > TimeSpan.Zero ? (int)Math.Min(span.TotalMilliseconds, int.MaxValue) : -1;

    private protected static ISurrogate NoSurrogate(Type type) =>
        throw new NotSupportedException($"A {type.Name} stays in its process: an actor is not deployed to another node");
}

/// <summary>Treats the child that failed, and it alone.</summary>
public class OneForOneStrategy : SupervisorStrategy, IEquatable<OneForOneStrategy>
{
    /// <summary>A negative maximum, like a null, sets no limit; a window that is not positive counts for ever.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), decider)
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, localOnlyDecider, loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider)
        : this(-1, -1, decider)
    {
    }

    protected OneForOneStrategy()
        : this(DefaultDecider)
    {
    }

    public int WithinTimeRangeMilliseconds { get; }

    public int MaxNumberOfRetries { get; }

    public override IDecider Decider { get; }

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled);

    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart && stats.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds))
            RestartChild(child, cause, suspendFirst: false);
        else
            context.Stop(child);
    }

    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children)
    {
    }

    public override ISurrogate ToSurrogate(ActorSystem system) => NoSurrogate(GetType());

    public bool Equals(OneForOneStrategy? other) =>
        other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries
        && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(Decider, other.Decider);

    public override bool Equals(object? obj) => Equals(obj as OneForOneStrategy);

    public override int GetHashCode() => HashCode.Combine(MaxNumberOfRetries, WithinTimeRangeMilliseconds, Decider);

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);
}

/// <summary>Treats all children as it treats the one that failed.</summary>
public class AllForOneStrategy : SupervisorStrategy, IEquatable<AllForOneStrategy>
{
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), decider)
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider)
    {
    }

    public AllForOneStrategy(IDecider decider)
        : this(-1, -1, decider)
    {
    }

    protected AllForOneStrategy()
        : this(DefaultDecider)
    {
    }

    public int WithinTimeRangeMilliseconds { get; }

    public int MaxNumberOfRetries { get; }

    public override IDecider Decider { get; }

    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (children.Count == 0)
            return;
        if (restart && children.All(each => each.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds)))
        {
            foreach (var each in children)
                RestartChild(each.Child, cause, suspendFirst: !child.Equals(each.Child));
        }
        else
        {
            foreach (var each in children)
                context.Stop(each.Child);
        }
    }

    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children)
    {
    }

    public override ISurrogate ToSurrogate(ActorSystem system) => NoSurrogate(GetType());

    public bool Equals(AllForOneStrategy? other) =>
        other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries
        && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(Decider, other.Decider);

    public override bool Equals(object? obj) => Equals(obj as AllForOneStrategy);

    public override int GetHashCode() => HashCode.Combine(MaxNumberOfRetries, WithinTimeRangeMilliseconds, Decider);

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);
}

/// <summary>Names the strategy of the user guardian: <c>akka.actor.guardian-supervisor-strategy</c>.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        var type = Type.GetType(typeName, throwOnError: false);
        return type is not null && typeof(SupervisorStrategyConfigurator).IsAssignableFrom(type)
            ? (SupervisorStrategyConfigurator)Activator.CreateInstance(type)!
            : throw new ConfigurationException($"Could not find a SupervisorStrategyConfigurator of type [{typeName}]");
    }

    public abstract SupervisorStrategy Create();
}

public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
