using System.Net.Sockets;
using Akka.Actor;
using Dynamo.Actors.Settings;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Dynamo.Http.Requests;
using Dynamo.Http.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dynamo.Http;

/// <summary>Runs HTTP in a host, over a client in the node's own actor system.</summary>
internal sealed class HttpService(DynamoSettings settings, RunningHttp running, IServiceProvider services, ILoggerFactory loggers) : IHostedService, IAsyncDisposable, IDisposable
{
    private DynamoClient? _client;
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var system = services.GetRequiredService<ActorSystem>();
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        var self = new NodeAddress(address.Host, address.Port ?? 0);
        _client = DynamoClient.In(system, new DynamoClientOptions { Contacts = [self], Timeout = settings.Request.Timeout });
        _app = HttpApp.Build(new NodeAccess(_client, DynamoAdmin.In(system), self, settings.Limits.Requests.MaxValueBytes, settings.Request.Timeout), settings, loggers);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await DisposeAsync();
            throw new HttpStartException($"node {settings.Node.Id} could not start: {Reason(e)}", e);
        }
        running.Address = _app.Urls.First();
    }

    // Requests under way may end; a listing that goes on for long is cut.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Request.Timeout);
        await _app.StopAsync(limit.Token);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
        if (_client is { } client)
        {
            _client = null;
            await client.DisposeAsync();
        }
    }

    /// <summary>For a host that is disposed without being stopped.</summary>
    public void Dispose() => ((IDisposable?)_app)?.Dispose();

    private string Reason(Exception e)
    {
        var (hostname, port) = (settings.Http.Hostname, settings.Http.Port);
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) return $"port {port} of {hostname} is in use (dynamo.http.port)";
        return $"HTTP cannot listen at {hostname}:{port} (dynamo.http): {e.GetBaseException().Message.ReplaceLineEndings(" ")}";
    }
}
