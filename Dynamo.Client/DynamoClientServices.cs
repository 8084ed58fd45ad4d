using Dynamo.Core.Membership;
using Microsoft.Extensions.DependencyInjection;

namespace Dynamo.Client;

/// <summary>Puts a client into a program's services.</summary>
public static class DynamoClientServices
{
    /// <summary>
    /// Adds one <see cref="DynamoClient"/> for the program, made when it is first asked for and disposed with its services. It connects meanwhile: a request
    /// that is made before waits, as long as its timeout.
    /// </summary>
    /// <param name="services">The program's.</param>
    /// <param name="contacts">host:port of some nodes.</param>
    /// <exception cref="FormatException">A contact is not host:port.</exception>
    public static IServiceCollection AddDynamoClient(this IServiceCollection services, params string[] contacts) =>
        services.AddDynamoClient(new DynamoClientOptions { Contacts = [.. contacts.Select(NodeAddress.Parse)] });

    /// <inheritdoc cref="AddDynamoClient(IServiceCollection, string[])"/>
    public static IServiceCollection AddDynamoClient(this IServiceCollection services, DynamoClientOptions options) =>
        services.AddSingleton(_ => DynamoClient.Create(options));
}
