using Akka.Actor.Internal;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>Makes a system's references and knows its tree; <c>akka.actor.provider</c> names it.</summary>
public interface IActorRefProvider
{
    IInternalActorRef RootGuardian { get; }

    LocalActorRef Guardian { get; }

    LocalActorRef SystemGuardian { get; }

    IActorRef DeadLetters { get; }

    IActorRef IgnoreRef { get; }

    ActorPath RootPath { get; }

    Settings Settings { get; }

    Deployer Deployer { get; }

    IInternalActorRef TempContainer { get; }

    /// <summary>Completes when the root guardian has stopped.</summary>
    Task TerminationTask { get; }

    Address DefaultAddress { get; }

    Information SerializationInformation { get; }

    /// <summary>The root of the tree at an address; dead letters if it cannot be reached.</summary>
    IActorRef RootGuardianAt(Address address);

    /// <summary>A fresh path for a reference without an actor, such as that of an Ask.</summary>
    ActorPath TempPath();

    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    void UnregisterTempActor(ActorPath path);

    FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs);

    void Init(ActorSystemImpl system);

    IInternalActorRef ActorOf(
        ActorSystemImpl system,
        Props props,
        IInternalActorRef supervisor,
        ActorPath path,
        bool systemService,
        Deploy? deploy,
        bool lookupDeploy,
        bool async);

    IActorRef ResolveActorRef(string path);

    IActorRef ResolveActorRef(ActorPath actorPath);

    /// <summary>Under which address an actor of this system is known at the given one; null if there is none.</summary>
    Address? GetExternalAddressFor(Address address);
}
