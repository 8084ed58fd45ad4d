using System.Diagnostics.CodeAnalysis;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with its configuration, its dispatchers, its scheduler and its event stream.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    public abstract Settings Settings { get; }

    public abstract string Name { get; }

    public abstract Akka.Serialization.Serialization Serialization { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IActorRef IgnoreRef { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract Mailboxes Mailboxes { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract ILoggingAdapter Log { get; }

    /// <summary>When the system was created, on the scheduler's monotonic clock.</summary>
    public TimeSpan StartTime { get; internal set; }

    public TimeSpan Uptime => Scheduler.MonotonicClock - StartTime;

    /// <summary>Completes when everything has stopped and what was registered with <see cref="RegisterOnTermination"/> has run.</summary>
    public abstract Task WhenTerminated { get; }

    public static ActorSystem Create(string name, Config config) => CreateAndStart(name, config, ActorSystemSetup.Empty);

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue && bootstrap.Value.Config.HasValue ? bootstrap.Value.Config.Value : ConfigurationFactory.Load();
        return CreateAndStart(name, config, setup);
    }

    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <exception cref="InvalidOperationException">There is no such extension.</exception>
    public abstract T GetExtension<T>()
        where T : class, IExtension;

    public abstract object GetExtension(IExtensionId extensionId);

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, [MaybeNullWhen(false)] out object extension);

    public abstract bool TryGetExtension<T>([MaybeNullWhen(false)] out T extension)
        where T : class, IExtension;

    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>Runs an action when all actors have stopped; later ones run before earlier ones.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Stops the system, by its coordinated shutdown unless that is turned off.</summary>
    public abstract Task Terminate();

    public abstract void Stop(IActorRef actor);

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Starts the termination and does not wait for its end.</summary>
    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }

    private static ActorSystemImpl CreateAndStart(string name, Config config, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, config, setup, null);
        system.Start();
        return system;
    }
}

public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }

    public abstract IInternalActorRef Guardian { get; }

    public abstract IInternalActorRef LookupRoot { get; }

    public abstract IInternalActorRef SystemGuardian { get; }

    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new();

    /// <summary>Stops everything at once, without a coordinated shutdown.</summary>
    public abstract void Abort();

    /// <summary>The tree of actors, one a line.</summary>
    public abstract string PrintTree();
}
