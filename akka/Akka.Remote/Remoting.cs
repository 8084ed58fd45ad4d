using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>
/// Starts the transports, keeps an association for each remote address, and takes in what peers open. A message goes from its
/// sender's thread into the link's buffer, and from the thread that reads a link into its recipient's mailbox: there is no actor between.
/// </summary>
internal sealed class Remoting : RemoteTransport, IAssociationEventListener, ILinkOwner
{
    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly List<ProtocolLink> _greeting = [];
    private readonly Lock _gate = new();
    private ImmutableArray<TransportBinding> _bindings = [];
    private volatile bool _isShutDown;

    public Remoting(ExtendedActorSystem system, RemoteActorRefProvider provider)
        : base(system, provider)
    {
        Settings = provider.RemoteSettings;
        UseUntrustedMode = Settings.UntrustedMode;
        logRemoteLifeCycleEvents = Settings.LogsLifecycleEvents;
    }

    public RemoteSettings Settings { get; }

    public bool IsShutDown => _isShutDown;

    public override ISet<Address> Addresses => _bindings.Select(binding => binding.Address).ToHashSet();

    public bool IsOwn(Address address)
    {
        foreach (var binding in _bindings)
        {
            if (binding.Address.Equals(address))
                return true;
        }
        return false;
    }

    public override Address DefaultAddress => _bindings[0].Address;

    /// <exception cref="RemoteTransportException">A transport could not be started: no such class, or the port is in use.</exception>
    public override void Start()
    {
        if (Settings.Transports.Length == 0)
            throw new ConfigurationException("No transports enabled: akka.remote.enabled-transports is empty");
        var protocol = new AkkaProtocolSettings(Settings.Config);
        var uid = AddressUidExtension.Uid(System);
        var listening = new List<(TransportBinding, TaskCompletionSource<IAssociationEventListener>)>();
        foreach (var settings in Settings.Transports)
        {
            var transport = Load(settings);
            var (address, listener) = Listen(transport);
            var context = new LinkContext(System, protocol, new Wire.HandshakeInfo(address, uid), Log);
            var binding = new TransportBinding(transport, address, context, new MessageCodec(System, TransportBinding.Augmented(address)));
            listening.Add((binding, listener));
        }
        _bindings = [.. listening.Select(entry => entry.Item1)];
        foreach (var (_, listener) in listening)
            listener.TrySetResult(this);
        Publish(new RemotingListenEvent([.. _bindings.Select(binding => binding.Address)]));
    }

    public override void Send(object message, IActorRef? sender, RemoteActorRef recipient)
    {
        var association = recipient.Association ??= AssociationWith(recipient.Path.Address);
        if (Settings.LogSend)
            Log.Debug("sending message [{0}] to [{1}] from [{2}]", message, recipient, sender);
        if (association is null)
            DeadLetter(message, sender, recipient);
        else
            association.Send(message, sender, recipient);
    }

    public override Address LocalAddressForRemote(Address remote) => BindingFor(remote)?.Address
        ?? throw new RemoteTransportException($"No transport is responsible for address: {remote}. Available protocols: "
            + $"[{string.Join(", ", _bindings.Select(binding => binding.Address.Protocol))}]");

    public override void Quarantine(Address address, int? uid) =>
        AssociationWith(address)?.Quarantine(uid, "this system was told to quarantine it");

    public override Task<bool> ManagementCommand(object cmd) => ManagementCommand(cmd, CancellationToken.None);

    public override Task<bool> ManagementCommand(object cmd, CancellationToken cancellationToken)
    {
        var answers = Task.WhenAll(_bindings.Select(binding => binding.Transport.ManagementCommand(cmd)));
        return answers.ContinueWith(done => done.IsCompletedSuccessfully && done.Result.Any(understood => understood), cancellationToken,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override Task Shutdown()
    {
        List<ProtocolLink> greeting;
        lock (_gate)
        {
            if (_isShutDown)
                return Task.CompletedTask;
            _isShutDown = true;
            greeting = [.. _greeting];
            _greeting.Clear();
        }
        foreach (var link in greeting)
            link.Close(DisassociateInfo.Shutdown, "this system shuts down");
        // In one order whatever the table's is, so that a simulated run repeats.
        foreach (var association in _associations.Values.OrderBy(association => association.Remote, Address.Comparer))
            association.Shutdown();
        return Task.WhenAll(_bindings.Select(binding => binding.Transport.Shutdown())).ContinueWith(
            _ => Publish(new RemotingShutdownEvent()), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    void IAssociationEventListener.Notify(IAssociationEvent ev)
    {
        if (ev is not InboundAssociation inbound)
            return;
        var handle = inbound.Association;
        var binding = _bindings.FirstOrDefault(binding => binding.Transport.SchemeIdentifier == handle.LocalAddress.Protocol) ?? _bindings[0];
        var link = new ProtocolLink(handle, inbound: true, binding.Context, this);
        lock (_gate)
        {
            if (_isShutDown)
            {
                handle.Disassociate("this system shuts down", Log);
                return;
            }
            _greeting.Add(link);
        }
        link.Start();
    }

    // An inbound link says by its handshake whose it is; until then this class stands in for its association.
    void ILinkOwner.OnOpened(ProtocolLink link)
    {
        lock (_gate)
            _greeting.Remove(link);
        var remote = TransportBinding.Augmented(link.Peer.Origin);
        if (AssociationWith(remote) is not { } association)
        {
            link.Close(DisassociateInfo.Unknown, $"no transport is responsible for its address {remote}");
            return;
        }
        link.Owner = association;
        association.OnOpened(link);
    }

    void ILinkOwner.OnPayload(ProtocolLink link, ReadOnlySpan<byte> payload)
    {
    }

    void ILinkOwner.OnClosed(ProtocolLink link, LinkEnd end)
    {
        lock (_gate)
            _greeting.Remove(link);
        Log.Debug("An inbound link ended before its handshake: {0}", end.Reason);
    }

    public void OnLinkEnded(Association association, ProtocolLink link, LinkEnd end, bool gated)
    {
        if (link.Dispatcher is not null)
            Publish(new DisassociatedEvent(association.Local, association.Remote, link.IsInbound));
        if (!end.ByPeer)
            return;
        var gateMillis = Settings.RetryGateClosedFor.TotalMilliseconds;
        switch (end.Info)
        {
            case DisassociateInfo.Shutdown:
                Log.Debug("Remote system with address [{0}] has shut down. Address is now gated for {1} ms, all messages to this address will be "
                    + "delivered to dead letters.", association.Remote, gateMillis);
                PublishAddressTerminated(association.Remote);
                break;
            case DisassociateInfo.Quarantined:
                Log.Error("The remote system at [{0}] has quarantined this system. No further associations to the remote system are possible until "
                    + "this system is restarted.", association.Remote);
                Publish(new ThisActorSystemQuarantinedEvent(association.Local, association.Remote));
                break;
            default:
                if (gated)
                    Log.Warning("Association with remote system {0} has failed; address is now gated for {1} ms. Reason: [{2}]", association.Remote, gateMillis, end.Reason);
                break;
        }
    }

    public void Publish(RemotingLifecycleEvent ev)
    {
        System.EventStream.Publish(ev);
        if (logRemoteLifeCycleEvents && Log.IsEnabled(ev.LogLevel()))
            Log.Log(ev.LogLevel(), null!, ev.ToString()!);
    }

    public void PublishAddressTerminated(Address address) => Provider.RemoteWatcher.Tell(new AddressTerminated(address), ActorRefs.NoSender);

    public void DeadLetter(object message, IActorRef? sender, RemoteActorRef recipient) =>
        System.DeadLetters.Tell(new DeadLetter(message, sender ?? System.DeadLetters, recipient), sender!);

    private Association? AssociationWith(Address remote)
    {
        if (_associations.TryGetValue(remote, out var known))
            return known;
        return BindingFor(remote) is { } binding ? _associations.GetOrAdd(remote, address => new Association(this, binding, address)) : null;
    }

    private TransportBinding? BindingFor(Address remote)
    {
        if (remote.Host is null || remote.Port is null)
            return null;
        foreach (var binding in _bindings)
        {
            if (binding.Reaches(remote))
                return binding;
        }
        return null;
    }

    private Transport.Transport Load(RemoteSettings.TransportSettings settings)
    {
        var type = Type.GetType(settings.TransportClass ?? string.Empty)
            ?? throw new ConfigurationException($"Cannot instantiate transport [{settings.TransportClass}]: there is no such class");
        var transport = (Transport.Transport)Create(type, System, settings.Config);
        foreach (var adapter in settings.Adapters)
        {
            if (!Settings.Adapters.TryGetValue(adapter, out var provider) || Type.GetType(provider) is not { } providerType)
                throw new ConfigurationException($"There is no registered transport adapter provider with name [{adapter}]");
            transport = ((ITransportAdapterProvider)Create(providerType)).Create(transport, System);
        }
        return transport;
    }

    private static object Create(Type type, params object[] arguments)
    {
        const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.CreateInstance;
        try
        {
            return Activator.CreateInstance(type, any, null, arguments, null)!;
        }
        catch (MissingMethodException e)
        {
            throw new ConfigurationException($"Cannot instantiate [{type}]: it has no constructor for ({string.Join(", ", arguments.Select(a => a.GetType().Name))})", e);
        }
        catch (TargetInvocationException e)
        {
            throw new ConfigurationException($"Cannot instantiate [{type}]: {e.InnerException!.Message}", e.InnerException);
        }
    }

    private (Address, TaskCompletionSource<IAssociationEventListener>) Listen(Transport.Transport transport)
    {
        var listening = transport.Listen();
        if (!listening.IsCompleted && !((IAsyncResult)listening).AsyncWaitHandle.WaitOne(Settings.StartupTimeout))
            throw new RemoteTransportException($"Transport [{transport}] did not start within {Settings.StartupTimeout}");
        return listening.GetAwaiter().GetResult();
    }
}
