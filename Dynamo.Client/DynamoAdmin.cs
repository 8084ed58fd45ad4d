using System.Diagnostics;
using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
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

    /// <summary>The round trip to a node and back through its root actor.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<TimeSpan> PingAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        await StatusAsync(node, timeout, cancellation);
        return clock.Elapsed;
    }

    /// <summary>Sets a bucket's options by way of one node; gossip takes them to the others.</summary>
    /// <exception cref="DynamoBadRequestException">The options cannot be.</exception>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<long> SetBucketAsync(NodeAddress node, string bucket, BucketOptions options, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var gossiper = NodePaths.Of(_system, node, NodePaths.Gossiper);
        var answer = await AskAsync<IWireMessage>(gossiper, node, new SetBucket(bucket, options), timeout, cancellation);
        return answer is BucketSet set ? set.Version : throw new DynamoBadRequestException(((AdminRefused)answer).Reason);
    }

    /// <summary>All that the cluster knows of one key: every member is asked.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<Explanation> ExplainAsync(NodeAddress contact, DynamoKey key, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var stored = StorageKey.Of(key.Bucket, key.Bytes.Span);
        var directory = await DirectoryAsync(contact, timeout, cancellation);
        var members = directory.State.Members.Values.Where(m => !m.IsGone).ToArray();
        var reports = await Task.WhenAll(members.Select(m => MaybeAsync(() =>
            AskAsync<KeyReport>(NodePaths.Of(_system, m.Address, NodePaths.Replica), m.Address, new ExplainRequest(stored), timeout, cancellation))));
        return Explanation.Of(stored, directory, members.Select(m => m.Id).Zip(reports).ToDictionary(r => r.First, r => r.Second));
    }

    /// <summary>Compares what all primaries of all keys hold, by digests, partition by partition.</summary>
    /// <param name="progress">Told of each partition that is done.</param>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<Verification> VerifyAsync(NodeAddress contact, TimeSpan timeout, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var directory = await DirectoryAsync(contact, timeout, cancellation);
        var members = directory.State.Members.Values.Where(m => !m.IsGone).ToArray();
        var statuses = await Task.WhenAll(members.Select(m => MaybeAsync(() => StatusAsync(m.Address, timeout, cancellation))));
        var silent = members.Where((_, i) => statuses[i] is null).Select(m => m.Id).ToHashSet();
        var verifier = new Verifier(directory, (node, range) => AskAsync<ScanPage>(NodePaths.Of(_system, node, NodePaths.Replica), node, range, timeout, cancellation));
        for (var partition = 0; partition < directory.State.Ring.Table.PartitionCount; partition++)
        {
            await verifier.CompareAsync(partition, silent);
            progress?.Report(partition);
        }
        return verifier.Result(statuses.Sum(s => s?.HintsHeld ?? 0), [.. silent.Order()]);
    }

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

    private static async Task<T?> MaybeAsync<T>(Func<Task<T>> ask)
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
}
