using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Remote.Hosting;
using Dynamo.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dynamo.Hosting;

/// <summary>Adds a node to a program that runs a .NET generic host.</summary>
public static class DynamoNodeServices
{
    /// <inheritdoc cref="AddDynamoNode(IServiceCollection, NodeConfig)"/>
    /// <param name="path">The node's HOCON file.</param>
    /// <exception cref="BadConfigException">The file is missing, is not HOCON, or has an invalid setting.</exception>
    public static IServiceCollection AddDynamoNode(this IServiceCollection services, string path) => services.AddDynamoNode(NodeConfig.Load(path));

    /// <summary>
    /// Adds a node, which starts and stops with the host. It uses the host's only actor system; a program that needs another one creates it itself. If the
    /// node cannot start, the host fails with <see cref="NodeStartException"/>; if the node is removed from its cluster, or cannot go on, the host stops.
    /// </summary>
    public static IServiceCollection AddDynamoNode(this IServiceCollection services, NodeConfig config)
    {
        services.AddSingleton(new RunningNode(config));
        return services.AddAkka<NodeService>(NodePaths.SystemName, (akka, provider) => Set(akka, provider, config));
    }

    private static void Set(AkkaConfigurationBuilder akka, IServiceProvider provider, NodeConfig config) => akka
        // No options: the HOCON sets the address, like everything else.
        .WithRemoting(new RemoteOptions())
        .AddHocon(config.Akka, HoconAddMode.Prepend)
        .AddHocon($"akka.loggers = [\"{typeof(AkkaLogger).AssemblyQualifiedName}\"]", HoconAddMode.Append)
        .AddSetup(new LoggerFactorySetup(provider.GetRequiredService<ILoggerFactory>()))
        .WithActors((system, registry) => provider.GetServices<IHostedService>().OfType<NodeService>().Single().StartNode(system, registry));
}
