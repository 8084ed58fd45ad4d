using Dynamo.Core.Membership;
using Microsoft.Extensions.DependencyInjection;

namespace Dynamo.Client;

/// <summary>Registers a client in a program's services.</summary>
public static class DynamoClientServices
{
    /// <summary>
    /// Adds a singleton <see cref="DynamoClient"/>, created on first use and disposed with the services. It connects in the background; requests wait for
    /// the connection, each no longer than its timeout.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="contacts">host:port of some nodes.</param>
    /// <exception cref="FormatException">A contact is not host:port.</exception>
    public static IServiceCollection AddDynamoClient(this IServiceCollection services, params string[] contacts) =>
        services.AddDynamoClient(new DynamoClientOptions { Contacts = [.. contacts.Select(NodeAddress.Parse)] });

    /// <inheritdoc cref="AddDynamoClient(IServiceCollection, string[])"/>
    public static IServiceCollection AddDynamoClient(this IServiceCollection services, DynamoClientOptions options) =>
        services.AddSingleton(_ => DynamoClient.Create(options));
}
