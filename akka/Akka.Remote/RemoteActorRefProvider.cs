using System.Text;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Serialization;

namespace Akka.Remote;

public interface IRemoteActorRefProvider : IActorRefProvider
{
    RemoteSettings RemoteSettings { get; }

    RemoteTransport Transport { get; }

    IActorRef RemoteWatcher { get; }

    IActorRef InternalResolveActorRef(string path);

    /// <summary>Resolves a reference that came in at one of this system's addresses.</summary>
    IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress);

    /// <summary>True for every address that leads to this system.</summary>
    bool HasAddress(Address address);

    /// <summary>Never talks to that incarnation again; with no uid, the address is only gated.</summary>
    void Quarantine(Address address, int? uid);

    /// <exception cref="NotSupportedException">Always: this runtime deploys no actors to other nodes.</exception>
    void UseActorOnNode(RemoteActorRef actor, Props props, Deploy deploy, IInternalActorRef supervisor);
}

/// <summary>Local actors as the local provider has them, and references to those of other systems.</summary>
public class RemoteActorRefProvider : IRemoteActorRefProvider
{
    // A name of an ask is a counter in base 64.
    private const int LongestTempName = 64;

    private readonly LocalActorRefProvider _local;
    private ActorSystemImpl _system = null!;
    private Remoting? _transport;
    private volatile IActorRef? _remoteWatcher;
    private Information? _serializationInformation;

    public RemoteActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        settings.InjectTopLevelFallback(ConfigurationFactory.FromResource<RemoteActorRefProvider>("Akka.Remote.Configuration.Remote.conf"));
        RemoteSettings = new RemoteSettings(settings.Config);
        Deployer = new Deployer(settings);
        _local = new LocalActorRefProvider(systemName, settings, eventStream, Deployer, null!);
    }

    public RemoteSettings RemoteSettings { get; }

    public Deployer Deployer { get; protected set; }

    public RemoteTransport Transport => _transport!;

    public IActorRef RemoteWatcher => _remoteWatcher!;

    public IInternalActorRef RootGuardian => _local.RootGuardian;

    public LocalActorRef Guardian => _local.Guardian;

    public LocalActorRef SystemGuardian => _local.SystemGuardian;

    public IInternalActorRef TempContainer => _local.TempContainer;

    public ActorPath RootPath => _local.RootPath;

    public IActorRef DeadLetters => _local.DeadLetters;

    public IActorRef IgnoreRef => _local.IgnoreRef;

    public Settings Settings => _local.Settings;

    public Task TerminationTask => _local.TerminationTask;

    public Address DefaultAddress => Transport.DefaultAddress;

    public Information SerializationInformation => _serializationInformation ??= new Information(DefaultAddress, _system);

    public void Init(ActorSystemImpl system)
    {
        _system = system;
        _local.Init(system);
        var transport = new Remoting(system, this);
        _transport = transport;
        system.SystemActorOf(RemoteSettings.ConfigureDispatcher(Props.Create(() => new RemotingTerminator(transport, _local.SystemGuardian))), "remoting-terminator");
        transport.Start();
        _remoteWatcher = CreateRemoteWatcher(system);
    }

    public ActorPath TempPath() => _local.TempPath();

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _local.RegisterTempActor(actorRef, path);

    public void UnregisterTempActor(ActorPath path) => _local.UnregisterTempActor(path);

    public FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs) => _local.CreateFutureRef(tcs);

    public IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path, bool systemService,
        Deploy? deploy, bool lookupDeploy, bool async)
    {
        var scope = deploy?.Scope is RemoteScope given ? given : props.Deploy.Scope as RemoteScope;
        if (scope is not null && !HasAddress(scope.Address))
            throw new NotSupportedException($"Actor [{path}] cannot be deployed to {scope.Address}: this runtime deploys no actors to other nodes");
        return _local.ActorOf(system, props, supervisor, path, systemService, deploy!, lookupDeploy, async);
    }

    public IActorRef RootGuardianAt(Address address) => HasAddress(address) ? RootGuardian : CreateRemoteRef(new RootActorPath(address), address);

    public IActorRef ResolveActorRef(string path) => ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : Unparsable(path);

    public IActorRef ResolveActorRef(ActorPath actorPath) => HasAddress(actorPath.Address)
        ? _local.ResolveActorRef(AsLocal(actorPath))
        : CreateRemoteRef(actorPath, actorPath.Address);

    public IActorRef InternalResolveActorRef(string path) => ResolveActorRef(path);

    public IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress)
    {
        if (!ActorPath.TryParse(path, out var parsed))
            return (IInternalActorRef)Unparsable(path);
        return HasAddress(parsed.Address)
            ? (IInternalActorRef)_local.ResolveActorRef(AsLocal(parsed))
            : new RemoteActorRef(Transport, localAddress, parsed, ActorRefs.Nobody, null, null);
    }

    /// <summary>The local address by which the given one knows this system; null where no transport reaches it.</summary>
    public Address GetExternalAddressFor(Address address)
    {
        if (HasAddress(address))
            return _local.RootPath.Address;
        try
        {
            return address.Host is null || address.Port is null ? null! : Transport.LocalAddressForRemote(address);
        }
        catch (RemoteTransportException)
        {
            return null!;
        }
    }

    public bool HasAddress(Address address) => address.Equals(RootPath.Address) || _transport?.IsOwn(address) == true;

    public void Quarantine(Address address, int? uid) => Transport.Quarantine(address, uid);

    public void UseActorOnNode(RemoteActorRef actor, Props props, Deploy deploy, IInternalActorRef supervisor) =>
        throw new NotSupportedException($"Actor [{actor.Path}] cannot be started: this runtime deploys no actors to other nodes");

    protected virtual IActorRef CreateRemoteWatcher(ActorSystemImpl system) => system.SystemActorOf(RemoteSettings.ConfigureDispatcher(
        Akka.Remote.RemoteWatcher.Props(CreateRemoteWatcherFailureDetector(system), RemoteSettings.WatchHeartBeatInterval,
            RemoteSettings.WatchUnreachableReaperInterval, RemoteSettings.WatchHeartbeatExpectedResponseAfter)), "remote-watcher");

    protected DefaultFailureDetectorRegistry<Address> CreateRemoteWatcherFailureDetector(ActorSystem system) => new(() =>
        FailureDetectorLoader.Load(RemoteSettings.WatchFailureDetectorImplementationClass, RemoteSettings.WatchFailureDetectorConfig, system));

    protected IInternalActorRef CreateRemoteRef(ActorPath actorPath, Address localAddress)
    {
        _ = localAddress;
        try
        {
            return new RemoteActorRef(Transport, Transport.LocalAddressForRemote(actorPath.Address), actorPath, ActorRefs.Nobody, null, null);
        }
        catch (RemoteTransportException e)
        {
            _transport!.Log.Warning("Error while resolving address [{0}] due to [{1}]", actorPath.Address, e.Message);
            return new EmptyLocalActorRef(this, RootPath, _system.EventStream);
        }
    }

    /// <summary>The local actor of a path that came over the wire; null where the path is another system's.</summary>
    internal IInternalActorRef? ResolveLocal(string path) => ActorPath.TryParse(path, out var parsed) && HasAddress(parsed.Address)
        ? (IInternalActorRef)_local.ResolveActorRef(AsLocal(parsed))
        : null;

    /// <summary>Who waits for an answer under that name; after it came, or was given up, a place where nobody is.</summary>
    internal IInternalActorRef FindTemp(ReadOnlySpan<byte> name)
    {
        Span<char> buffer = stackalloc char[LongestTempName];
        if (name.Length <= buffer.Length && TempContainer is VirtualPathContainer temp)
        {
            var length = Encoding.UTF8.GetChars(name, buffer);
            if (temp.Find(buffer[..length]) is { } waiting)
                return waiting;
        }
        return new EmptyLocalActorRef(this, RootPath / "temp" / Encoding.UTF8.GetString(name), _system.EventStream);
    }

    private ActorPath AsLocal(ActorPath path)
    {
        if (path.Address.Equals(RootPath.Address))
            return path;
        var local = RootPath / path.Elements;
        return path.Depth == 0 ? RootPath : local.WithUid(path.Uid);
    }

    private EmptyLocalActorRef Unparsable(string path)
    {
        _transport!.Log.Debug("Resolve of unknown path [{0}] failed. Invalid format.", path);
        return new EmptyLocalActorRef(this, RootPath / "deadLetters", _system.EventStream);
    }
}
