using Dynamo.Actors.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Dynamo.Http;

/// <summary>Adds HTTP to a program that runs a node.</summary>
public static class DynamoHttpServices
{
    /// <summary>
    /// Serves HTTP for the node in the services' actor system, unless <c>dynamo.http.enabled</c> is off. Add it after the node: it starts after it and stops
    /// before it. If it cannot start, the host fails with <see cref="HttpStartException"/>.
    /// </summary>
    public static IServiceCollection AddDynamoHttp(this IServiceCollection services, DynamoSettings settings)
    {
        var running = new RunningHttp();
        services.AddSingleton(running);
        return settings.Http.IsEnabled ? services.AddHostedService(provider => ActivatorUtilities.CreateInstance<HttpService>(provider, settings, running)) : services;
    }
}
