using System.Collections.Concurrent;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;

namespace Dynamo.Remoting;

/// <summary>
/// A transport of Akka.Remote over plain .NET sockets. It replaces the DotNetty one with
/// <c>akka.remote.dot-netty.tcp.transport-class = "Dynamo.Remoting.SocketTransport, Dynamo.Remoting"</c>, reads the same settings and uses the same frames,
/// so that nodes with either can talk.
/// </summary>
public sealed class SocketTransport : Transport
{
    /// <summary>Bytes that Akka.Remote and the frame's length add to a payload that it found small enough: DotNetty's limit counts both.</summary>
    private const int Overhead = 16;

    /// <summary>Akka.Remote puts it before the scheme in the addresses that it knows peers by.</summary>
    private const string AkkaScheme = "akka";

    private readonly SocketTransportSettings _settings;
    private readonly Connector _connector;
    private readonly RemotingMetrics _metrics;
    private readonly ILoggingAdapter _log;
    private readonly TaskCompletionSource<IAssociationEventListener> _listener = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<SocketAssociationHandle, bool> _handles = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<(string Host, int? Port), CancellationTokenSource> _dials = new();
    private readonly CancellationTokenSource _stopping = new();
    private Acceptor? _acceptor;

    /// <summary>Called by Akka.Remote with the section <c>akka.remote.dot-netty.tcp</c>.</summary>
    /// <exception cref="ConfigurationException">A setting is invalid, or the certificate cannot be read.</exception>
    public SocketTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        _settings = SocketTransportSettings.From(system, config);
        SchemeIdentifier = _settings.Tls is null ? "tcp" : "ssl.tcp";
        _log = Logging.GetLogger(system, typeof(SocketTransport));
        _connector = new Connector(_settings, _log);
        _metrics = new RemotingMetrics(system.Name);
    }

    /// <summary><c>tcp</c>, and <c>ssl.tcp</c> with <c>enable-ssl</c>: as in DotNetty's transport, since a node must be known by one address.</summary>
    public override string SchemeIdentifier { get; protected set; }

    /// <summary>The largest message that Akka.Remote may hand to a handle: it logs an error and discards a larger one, and the association lives on.</summary>
    public override long MaximumPayloadBytes => _settings.MaximumFrameSize - Overhead;

    public override bool IsResponsibleFor(Address remote) => true;

    /// <summary>Binds and listens. Connections are accepted once the returned source has its listener.</summary>
    /// <returns>The address to advertise, with the port that was bound when none was chosen.</returns>
    /// <exception cref="RemoteTransportException">The address cannot be bound; a <see cref="SocketException"/> inside says why.</exception>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var acceptor = new Acceptor(_settings, _log);
        try
        {
            await acceptor.Bind();
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            acceptor.Dispose();
            throw new RemoteTransportException($"Failed to bind to {_settings.Hostname}:{_settings.Port}: {e.Message}", e);
        }

        _acceptor = acceptor;
        var bound = acceptor.BoundTo;
        _ = acceptor.Run(_listener.Task, Welcome, _stopping.Token);
        return (Addresses.Of(SchemeIdentifier, System.Name, bound, _settings.PublicHostname, _settings.PublicPort), _listener);
    }

    /// <summary>Connects to another node.</summary>
    /// <exception cref="InvalidAssociationException">
    /// Nobody answered there within <c>connection-timeout</c>, or the system is none of <c>dial-only</c>; the message says where and why.
    /// </exception>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        if (_stopping.IsCancellationRequested) throw new InvalidAssociationException($"Cannot associate with {remoteAddress}: the transport is shut down");
        if (_settings.DialOnly.Count > 0 && !_settings.DialOnly.Contains(remoteAddress.System)) throw Refusal(remoteAddress);
        var renewed = _dials.GetOrAdd(Key(remoteAddress), _ => new CancellationTokenSource()).Token;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, renewed);
        try
        {
            var wire = await _connector.Connect(remoteAddress, ending.Token);
            return Open(wire, remoteAddress, isDialled: true);
        }
        catch (InvalidAssociationException) when (renewed.IsCancellationRequested)
        {
            throw new InvalidAssociationException($"Cannot associate with {remoteAddress}: given up in favour of a new connection");
        }
    }

    /// <summary>
    /// Handles <see cref="ForceDisassociate"/>: closes every connection that was dialled to that host and port, and gives up dials in progress. Both ends see
    /// their connections break and make new ones. Connections that came from there stay. Also handles <see cref="DialCheck"/>.
    /// </summary>
    public override Task<bool> ManagementCommand(object message)
    {
        if (message is DialCheck check)
        {
            _ = Dial(check);
            return Task.FromResult(true);
        }
        if (message is not ForceDisassociate { Address: var remote }) return Task.FromResult(false);
        if (_dials.TryRemove(Key(remote), out var dials)) dials.Cancel();
        foreach (var (handle, isDialled) in _handles)
            if (isDialled && Key(handle.RemoteAddress) == Key(remote)) handle.Leave();
        return Task.FromResult(true);
    }

    /// <summary>Stops listening, flushes what was written and closes every connection, within <c>akka.remote.flush-wait-on-shutdown</c>.</summary>
    public override async Task<bool> Shutdown()
    {
        await _stopping.CancelAsync();
        _acceptor?.Dispose();
        foreach (var handle in _handles.Keys) handle.Leave();
        await Task.WhenAll(_handles.Keys.Select(handle => handle.Closed));
        _metrics.Dispose();
        return true;
    }

    private async Task Dial(DialCheck check)
    {
        var isReached = false;
        try
        {
            var wire = await _connector.Connect(check.Address, _stopping.Token);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(_settings.ConnectionTimeout);
            isReached = await OwnAddress.AskAsync(wire, _settings.BigEndian, limit.Token) is { } own && own == (check.Address.Host, check.Address.Port);
        }
        catch (InvalidAssociationException)
        {
            // Nobody can be dialled there.
        }
        check.Answer(isReached);
    }

    private void Welcome(IAssociationEventListener listener, Wire wire)
    {
        var remote = Addresses.Of(SchemeIdentifier, System.Name, wire.RemoteEndPoint);
        listener.Notify(new InboundAssociation(Open(wire, remote, isDialled: false)));
    }

    // Akka.Remote may want to dial a system although that is connected: it still keeps a writer of an earlier connection, and only reads from the new one. The
    // system connects again, and finds that writer gone.
    private InvalidAssociationException Refusal(Address remote)
    {
        foreach (var handle in _handles.Keys)
            if (handle.Guest is { } guest && guest.System == remote.System && Key(guest) == Key(remote)) handle.Leave();
        return new InvalidAssociationException($"Cannot associate with {remote}: only systems named {string.Join(", ", _settings.DialOnly)} are dialled (dial-only)");
    }

    // A guest connects again when it has lost its connection. Akka.Remote may not know that yet, or have given up that connection itself as silent: either way it
    // keeps the writer, and only reads from the new connection. Told so before it hears of the new connection, it forgets the writer and makes another.
    private void Greet(Address guest)
    {
        if (((ExtendedActorSystem)System).Provider is IRemoteActorRefProvider { Transport: { } remoting })
            remoting.Quarantine(guest.WithProtocol($"{AkkaScheme}.{SchemeIdentifier}"), uid: null);
    }

    private static (string Host, int? Port) Key(Address address) => (address.Host, address.Port);

    private SocketAssociationHandle Open(Wire wire, Address remote, bool isDialled)
    {
        var local = Addresses.Of(SchemeIdentifier, System.Name, wire.LocalEndPoint, _settings.Hostname);
        var handle = new SocketAssociationHandle(local, remote, isDialled, wire, _settings, _metrics, _log, Greet);
        _handles.TryAdd(handle, isDialled);
        handle.Closed.ContinueWith(
            (_, closed) => _handles.TryRemove((SocketAssociationHandle)closed!, out var _), handle,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        handle.Start();
        // The connection came up during the shutdown: nobody else would close it.
        if (_stopping.IsCancellationRequested) handle.Leave();
        return handle;
    }
}
