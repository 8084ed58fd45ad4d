using System.Collections.Concurrent;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The provider of a system that keeps to itself, and the local half of one that does not.</summary>
public sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly TaskCompletionSource<Status> _terminated = new();
    private readonly ConcurrentDictionary<string, IInternalActorRef> _extraNames = new();
    private readonly RootActorPath _rootPath;
    private readonly ActorPath _tempNode;
    private readonly Func<ActorPath, IInternalActorRef>? _deadLettersFactory;
    private ActorSystemImpl? _system;
    private IInternalActorRef? _deadLetters;
    private RootGuardianActorRef? _rootGuardian;
    private LocalActorRef? _guardian;
    private LocalActorRef? _systemGuardian;
    private VirtualPathContainer? _tempContainer;
    private Information? _serializationInformation;
    private IActorRef? _ignoreRef;
    private long _tempNumber;

    public LocalActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : this(systemName, settings, eventStream, null, null)
    {
    }

    public LocalActorRefProvider(
        string systemName, Settings settings, EventStream eventStream, Deployer? deployer, Func<ActorPath, IInternalActorRef>? deadLettersFactory)
    {
        Settings = settings;
        EventStream = eventStream;
        Deployer = deployer ?? new Deployer(settings);
        _rootPath = new RootActorPath(new Address("akka", systemName));
        _tempNode = _rootPath / "temp";
        _deadLettersFactory = deadLettersFactory;
        Log = Logging.GetLogger(eventStream, "LocalActorRefProvider(" + _rootPath.Address + ")");
    }

    public EventStream EventStream { get; }

    public ILoggingAdapter Log { get; }

    public IActorRef DeadLetters => _deadLetters ??= MakeDeadLetters();

    public IActorRef IgnoreRef => _ignoreRef ??= new IgnoreActorRef(this);

    public Deployer Deployer { get; }

    public IInternalActorRef RootGuardian => _rootGuardian!;

    public ActorPath RootPath => _rootPath;

    public Settings Settings { get; }

    public LocalActorRef SystemGuardian => _systemGuardian!;

    public IInternalActorRef TempContainer => _tempContainer!;

    public Task TerminationTask => _terminated.Task;

    public LocalActorRef Guardian => _guardian!;

    public Address DefaultAddress => _rootPath.Address;

    public Information SerializationInformation => _serializationInformation ??= new Information(_rootPath.Address, _system!);

    public ActorPath TempPath() => new ChildActorPath(_tempNode, NextTempName(), ActorCell.UndefinedUid);

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path)
    {
        if (path.Parent != _tempNode)
            throw new InvalidOperationException("Cannot RegisterTempActor() with anything not obtained from tempPath()");
        _tempContainer!.AddChild(path.Name, actorRef);
    }

    public void UnregisterTempActor(ActorPath path)
    {
        if (path.Parent != _tempNode)
            throw new InvalidOperationException("Cannot UnregisterTempActor() with anything not obtained from tempPath()");
        _tempContainer!.RemoveChild(path.Name);
    }

    /// <summary>The reference takes its name, and its place under /temp, only when somebody asks for its path.</summary>
    public FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs) => new(tcs, this);

    /// <summary>Makes a name below the root known that is no child of the root guardian; before <see cref="Init"/> is over.</summary>
    public void RegisterExtraName(string name, IInternalActorRef actor) => _extraNames[name] = actor;

    public IActorRef RootGuardianAt(Address address) => address.Equals(_rootPath.Address) ? RootGuardian : DeadLetters;

    public void Init(ActorSystemImpl system)
    {
        _system = system;
        var supervisor = new RootGuardianSupervisor(_rootPath, this, _terminated, Log);
        var internalDispatcher = system.Dispatchers.InternalDispatcher;
        var defaultMailbox = system.Mailboxes.Lookup(Mailboxes.DefaultMailboxId);

        var rootProps = Props.Create<GuardianActor>(new OneForOneStrategy(GuardianFailed));
        _rootGuardian = new RootGuardianActorRef(
            system, rootProps, internalDispatcher, defaultMailbox, supervisor, _rootPath, (IInternalActorRef)DeadLetters, _extraNames);

        var rootCell = _rootGuardian.Cell;
        var userStrategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        var userProps = system.GuardianProps.GetOrElse(Props.Create<GuardianActor>(userStrategy));
        _guardian = (LocalActorRef)rootCell.AttachGuardian("user", system, userProps, internalDispatcher, defaultMailbox);
        var systemProps = Props.Create(() => new SystemGuardianActor(_guardian)).WithSupervisorStrategy(new OneForOneStrategy(GuardianFailed));
        _systemGuardian = (LocalActorRef)rootCell.AttachGuardian("system", system, systemProps, internalDispatcher, defaultMailbox);

        _tempContainer = new VirtualPathContainer(this, _tempNode, _rootGuardian, Log);
        _rootGuardian.SetTempContainer(_tempContainer);
        _rootGuardian.Start();
        _guardian.Start();
        _systemGuardian.Start();
        _systemGuardian.Cell.SendSystemMessage(new Dispatch.SysMsg.Watch(_guardian, _systemGuardian));
        _rootGuardian.Cell.SendSystemMessage(new Dispatch.SysMsg.Watch(_systemGuardian, _rootGuardian));
    }

    public IActorRef ResolveActorRef(string path) => ActorPath.TryParse(path, out var actorPath) ? ResolveActorRef(actorPath) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath path)
    {
        if (path.Root.Equals(_rootPath))
            return ResolveLocal(path);
        LoggingExtensions.Debug(Log, "Resolve of unknown path [{0}] failed", path);
        return DeadLetters;
    }

    public IInternalActorRef ActorOf(
        ActorSystemImpl system,
        Props props,
        IInternalActorRef supervisor,
        ActorPath path,
        bool systemService,
        Deploy? deploy,
        bool lookupDeploy,
        bool async)
    {
        var configured = lookupDeploy ? Deployer.Lookup(path) : deploy;
        if (configured is not null)
            props = props.WithDeploy(props.Deploy.WithFallback(configured));
        if (!system.Dispatchers.HasDispatcher(props.Dispatcher))
            throw new ConfigurationException($"Dispatcher [{props.Dispatcher}] not configured for path {path}");
        var dispatcher = system.Dispatchers.Lookup(props.Dispatcher);
        var mailbox = system.Mailboxes.GetMailboxType(props, dispatcher.Configurator.Config);
        return new LocalActorRef(system, props, dispatcher, mailbox, supervisor, path);
    }

    public Address? GetExternalAddressFor(Address address) => address.Equals(_rootPath.Address) ? address : null;

    /// <summary>The actor at a path whose address is known to be this system's, or the empty place there.</summary>
    internal IActorRef ResolveLocal(ActorPath path)
    {
        if (path.Depth == 0)
            return RootGuardian;
        var found = RootGuardian.GetChild(path.ElementsWithUid);
        if (!found.IsNobody())
            return found;
        LoggingExtensions.Debug(Log, "Resolve of path sequence [{0}] failed", path.ToStringWithoutAddress());
        return new EmptyLocalActorRef(_system!.Provider, path, EventStream);
    }

    private string NextTempName() => (Interlocked.Increment(ref _tempNumber) - 1).Base64Encode();

    private Directive GuardianFailed(Exception cause)
    {
        LoggingExtensions.Error(Log, cause, "guardian failed, shutting down system");
        return Directive.Stop;
    }

    private IInternalActorRef MakeDeadLetters()
    {
        var path = _rootPath / "deadLetters";
        return _deadLettersFactory?.Invoke(path) ?? new DeadLetterActorRef(this, path, EventStream);
    }
}
