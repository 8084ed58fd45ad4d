using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Wire = Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>An administrator's questions to single nodes. A node that does not answer in time is a <see cref="DynamoUnavailableException"/>.</summary>
internal sealed class NodeQuestions(ActorSystem system)
{
    /// <summary>Asks the node's root actor.</summary>
    public Task<T> AskRootAsync<T>(NodeAddress node, IWireMessage request, TimeSpan timeout, CancellationToken cancellation) =>
        AskAsync<T>(NodePaths.Of(system, node), node, request, timeout, cancellation);

    /// <summary>Asks one of the node's actors, which <see cref="NodePaths"/> names.</summary>
    public Task<T> AskAsync<T>(NodeId node, NodeAddress address, string actor, IWireMessage request, TimeSpan timeout, CancellationToken cancellation) =>
        AskAsync<T>(NodePaths.Of(system, node, address, actor), address, request, timeout, cancellation);

    /// <inheritdoc cref="AskAsync{T}(NodeId, NodeAddress, string, IWireMessage, TimeSpan, CancellationToken)"/>
    public Task<T> AskAsync<T>(Member node, string actor, IWireMessage request, TimeSpan timeout, CancellationToken cancellation) =>
        AskAsync<T>(node.Id, node.Address, actor, request, timeout, cancellation);

    public Task<T> AskGossiperAsync<T>(NodeAddress node, IWireMessage request, TimeSpan timeout, CancellationToken cancellation) =>
        AskAsync<T>(NodePaths.GossiperAt(system, node), node, request, timeout, cancellation);

    public Task<ClusterDirectory> DirectoryAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation) =>
        AskGossiperAsync<ClusterDirectory>(node, new DirectoryRequest(0), timeout, cancellation);

    public Task<Wire.NodeStatus> StatusAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation) =>
        AskRootAsync<Wire.NodeStatus>(node, StatusRequest.Instance, timeout, cancellation);

    /// <summary>The members that are there, and the status of each; null: it did not answer.</summary>
    public async Task<(Member[] Members, Wire.NodeStatus?[] Statuses)> StatusesAsync(ClusterDirectory directory, TimeSpan timeout, CancellationToken cancellation)
    {
        var members = directory.State.Present.ToArray();
        return (members, await Task.WhenAll(members.Select(m => MaybeAsync(() => StatusAsync(m.Address, timeout, cancellation)))));
    }

    /// <summary>The partitions that a node receives or hands off, in as many answers as it takes.</summary>
    public async Task<PartitionTransfer[]> TransfersAsync(Member node, string actor, TimeSpan timeout, CancellationToken cancellation)
    {
        var all = new List<PartitionTransfer>();
        while (true)
        {
            var from = all is [.., var last] ? last.Partition + 1 : 0;
            var page = await AskAsync<TransferReports>(node, actor, new TransfersRequest(from), timeout, cancellation);
            // An answer that goes back would have no end.
            if (page.Reports is not [var first, ..] || first.Partition < from) return [.. all];
            all.AddRange(page.Reports.Select(PartitionTransfer.Of));
        }
    }

    /// <summary>Asks for a change of the cluster.</summary>
    /// <exception cref="DynamoBadRequestException">It is refused.</exception>
    public async Task<T> ChangeAsync<T>(NodeAddress contact, IWireMessage change, TimeSpan timeout, CancellationToken cancellation)
        where T : class, IWireMessage
    {
        var answer = await AskGossiperAsync<IWireMessage>(contact, change, timeout, cancellation);
        return answer as T ?? throw new DynamoBadRequestException(((AdminRefused)answer).Reason);
    }

    public Task Pause(TimeSpan time, CancellationToken cancellation) => system.Pause(time, cancellation);

    public void Introduce(NodeAddress node, NodeAddress to) => NodePaths.GossiperAt(system, node).Tell(new Introduce(to));

    /// <summary>Null: the node did not answer.</summary>
    public static async Task<T?> MaybeAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (DynamoUnavailableException)
        {
            return null;
        }
    }

    private async Task<T> AskAsync<T>(IActorRef actor, NodeAddress node, IWireMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await system.AskFromOutside<T>(actor, request, timeout, cancellation);
        }
        catch (AskTimeoutException)
        {
            throw DynamoUnavailableException.NoAnswer([node], timeout);
        }
    }
}
