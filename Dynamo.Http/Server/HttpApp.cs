using System.Net;
using Dynamo.Actors.Settings;
using Dynamo.Http.Admin;
using Dynamo.Http.Answers;
using Dynamo.Http.DataTypes;
using Dynamo.Http.Health;
using Dynamo.Http.Keys;
using Dynamo.Http.Listing;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dynamo.Http.Server;

/// <summary>The web application: Kestrel, the routes, and what surrounds each request.</summary>
internal static class HttpApp
{
    // A key of 16 KiB, each byte percent-encoded, and its query; contexts name each store that wrote.
    private const int MaxLineBytes = 64 << 10;
    private const int MaxHeaderBytes = 128 << 10;

    public static WebApplication Build(NodeAccess node, DynamoSettings settings, ILoggerFactory loggers)
    {
        var address = IPAddress.Parse(settings.Http.Hostname);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = settings.Http.MaxConnections;
            kestrel.Limits.MaxRequestLineSize = MaxLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            // Bodies are limited where they are read, with an error that names the limit.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(address, settings.Http.Port);
        });
        builder.Services
            .AddSingleton(loggers)
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddRouting()
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Default))
            .AddOpenApi(OpenApiText.Set);

        var app = builder.Build();
        var isLoopback = IPAddress.IsLoopback(address);
        app.UseMiddleware<ErrorAnswers>();
        app.Use(next => BrowserGuard.Guarding(next, isLoopback));
        app.Use(next => http =>
        {
            PathNames.Take(http);
            return next(http);
        });
        app.UseRouting();
        foreach (var route in RoutesOf(node, settings)) Map(app, route);
        app.MapOpenApi();
        return app;
    }

    private static IEnumerable<Route> RoutesOf(NodeAccess node, DynamoSettings settings) =>
    [
        .. new KeyRoutes(node).All, .. new DataRoutes(node).All, .. new ListingRoutes(node).All, .. new AdminReads(node).All, .. new AdminOrders(node).All,
        .. new HealthRoutes(node, settings.Node.Id.Name).All,
    ];

    private static void Map(WebApplication app, Route route)
    {
        // The document's generator looks at a handler's method.
        app.MapMethods(route.Pattern, [route.Method], route.Handler).WithMetadata(route, route.Handler.Method);
        if (route.HasHead) app.MapMethods(route.Pattern, [HttpMethods.Head], route.Handler).ExcludeFromDescription();
    }

    /// <summary>The program that the node runs in obeys signals; this application stops when it is told to.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
