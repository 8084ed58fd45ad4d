using Akka.Actor;
using Akka.Configuration;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>What an administrator asks of nodes, one by one: each is asked itself, so a node that is cut off shows as such.</summary>
public sealed class DynamoAdmin : IAsyncDisposable
{
    private readonly ActorSystem _system;

    private DynamoAdmin(ActorSystem system) => _system = system;

    public static DynamoAdmin Open(DynamoClientOptions? options = null) =>
        new(ActorSystem.Create(NodePaths.SystemName, ClientConfig.Of(options ?? new DynamoClientOptions())));

    /// <exception cref="DynamoUnavailableException">The node did not answer in time.</exception>
    public Task<NodeStatus> StatusAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        AskAsync<NodeStatus>(NodePaths.Of(_system, node), node, StatusRequest.Instance, timeout, cancellation);

    /// <summary>The cluster's members and ring as the node sees them.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public Task<ClusterDirectory> DirectoryAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        AskAsync<ClusterDirectory>(NodePaths.Of(_system, node, NodePaths.Gossiper), node, new DirectoryRequest(0), timeout, cancellation);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private static async Task<T> AskAsync<T>(IActorRef actor, NodeAddress node, object request, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await actor.Ask<T>(request, timeout, cancellation);
        }
        catch (AskTimeoutException)
        {
            throw new DynamoUnavailableException($"no node answered at {node} within {timeout.TotalSeconds:0.###}s");
        }
    }
}
