using System.Net.Sockets;
using Akka.Actor;
using Akka.Hosting;
using Dynamo.Actors.Node;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;
using Dynamo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dynamo.Hosting;

/// <summary>Runs a node in a host. Starting opens the store and the actor system; stopping drains the node, ends the system and closes the store.</summary>
internal sealed class NodeService(
    AkkaConfigurationBuilder builder, IServiceProvider services, ILogger<AkkaHostedService> akkaLogger, IHostApplicationLifetime lifetime,
    RunningNode running, ILogger<NodeService> logger)
    : AkkaHostedService(builder, services, akkaLogger, lifetime), IDisposable, IAsyncDisposable
{
    private readonly NodeConfig _config = running.Config;
    private IStorageEngine? _engine;
    private IActorRef? _node;
    private Exception? _failure;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync();
            await base.StartAsync(cancellationToken);
            if (_failure is not null) throw _failure;
        }
        catch (StoreException e)
        {
            await CloseAsync();
            throw new NodeStartException(e.Message, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await CloseAsync();
            throw new NodeStartException($"node {_config.Settings.Node.Id} could not start: {Reason(e)}", e);
        }
        logger.IsUp(_config.Settings.Node.Id, _config.Settings.Cluster.Name, running.Address!.Value, running.Engine!);
    }

    /// <summary>Starts the node's actors once the system is up; see <see cref="DynamoNode"/>.</summary>
    public void StartNode(ActorSystem system, IActorRegistry registry)
    {
        try
        {
            _node = DynamoNode.Start(system, _config.Settings, _engine!);
            registry.Register<DynamoNodeKey>(_node);
            var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
            running.Address = new NodeAddress(address.Host, address.Port ?? 0);
            running.Engine = _engine!.Name;
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (running.System is not { } system || _node is null) return;
        if (CoordinatedShutdown.Get(system).ShutdownReason is null) await NodeDrain.RunAsync(system, _node, _config.Settings.Request.Timeout, cancellationToken);
        await base.StopAsync(cancellationToken);
        await CloseAsync();
        if (running.Failed is { } failed) logger.HasFailed(failed.Words);
        else if (running.Gone is { } gone) logger.IsGone(gone.Words);
        else logger.HasStopped(_config.Settings.Node.Id);
    }

    /// <summary>For a host that is disposed without being stopped.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync());

    public void Dispose() => _engine?.Dispose();

    // Opens store and actor system in parallel, as both are slow. If both fail, the store's error is reported.
    private async Task OpenAsync()
    {
        // Not through the base class, which prints failures with their full stack trace.
        var starting = Task.Run(ServiceProvider.GetRequiredService<ActorSystem>, CancellationToken.None);
        Exception? refused = null;
        var settings = _config.Settings;
        try
        {
            _engine = StorageEngines.Open(settings.Storage, settings.Cluster.Name, settings.Node.Id);
        }
        catch (StoreException e)
        {
            refused = e;
        }
        try
        {
            running.System = await starting;
        }
        catch when (refused is not null)
        {
            // The store's error is thrown below.
        }
        if (refused is not null) throw refused;
    }

    private async Task CloseAsync()
    {
        if (running.System is { } system)
        {
            await system.Terminate();
            await system.WhenTerminated;
        }
        _engine?.Dispose();
        _engine = null;
    }

    private string Reason(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
                return $"port {_config.Akka.GetString(NodeConfig.PortKey, "")} of {_config.Akka.GetString(NodeConfig.HostKey, "")} is in use ({NodeConfig.PortKey})";
        return e.GetBaseException().Message.ReplaceLineEndings(" ");
    }
}
