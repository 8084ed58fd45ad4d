using System.Diagnostics;
using Akka.Actor;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Wire = Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>Administers a cluster. Asks each node directly, so a node that is cut off shows as such.</summary>
public sealed class DynamoAdmin : IAsyncDisposable
{
    private static readonly TimeSpan AgreementPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AgreementLimit = TimeSpan.FromSeconds(30);
    private const int VerifyLooks = 3;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly NodeQuestions _nodes;

    private DynamoAdmin(ActorSystem system, bool ownsSystem) => (_system, _ownsSystem, _nodes) = (system, ownsSystem, new NodeQuestions(system));

    /// <summary>Creates an administrator with its own actor system, which ends when the administrator is disposed.</summary>
    /// <param name="options">The hostname and Akka.NET configuration to use; null: the defaults. Contacts are given with each call.</param>
    public static DynamoAdmin Open(DynamoClientOptions? options = null) =>
        new(ClientSystem.Create(options ?? new DynamoClientOptions()), ownsSystem: true);

    /// <summary>Creates an administrator in the caller's actor system; its configuration must include <see cref="DynamoClient.ActorSystemConfig"/>.</summary>
    public static DynamoAdmin In(ActorSystem system) => new(system, ownsSystem: false);

    /// <summary>Asks a node for its status.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="DynamoUnavailableException">The node did not answer in time.</exception>
    public async Task<NodeStatus> StatusAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        NodeStatus.Of(await _nodes.StatusAsync(node, timeout, cancellation));

    /// <summary>Like <see cref="StatusAsync"/>, but null when the node does not answer in time.</summary>
    public Task<NodeStatus?> TryStatusAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        NodeQuestions.MaybeAsync(() => StatusAsync(node, timeout, cancellation));

    /// <summary>Gets the cluster's members, ring and buckets as the node sees them.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<ClusterInfo> ClusterAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        new(await DirectoryAsync(node, timeout, cancellation));

    internal Task<ClusterDirectory> DirectoryAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        _nodes.DirectoryAsync(node, timeout, cancellation);

    /// <summary>Gets the current and future owners of each partition, and the progress of the ring change.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<RingInfo> RingAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default) =>
        (await ClusterAsync(node, timeout, cancellation)).Ring;

    /// <summary>Measures the round trip to a node's root actor.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<TimeSpan> PingAsync(NodeAddress node, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        await StatusAsync(node, timeout, cancellation);
        return clock.Elapsed;
    }

    /// <summary>Sets a bucket's options through one node; gossip spreads them to the others.</summary>
    /// <exception cref="DynamoBadRequestException">The options are invalid.</exception>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<long> SetBucketAsync(NodeAddress node, string bucket, BucketOptions options, TimeSpan timeout, CancellationToken cancellation = default)
    {
        if (options.WhyNot(bucket) is { } reason) throw new DynamoBadRequestException(reason);
        return (await _nodes.ChangeAsync<BucketSet>(node, new SetBucket(bucket, options), timeout, cancellation)).Version;
    }

    /// <summary>Collects from every member all that the cluster knows about a key.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<Explanation> ExplainAsync(NodeAddress contact, DynamoKey key, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var stored = StorageKey.Of(key.Bucket, key.Bytes.Span);
        var directory = await DirectoryAsync(contact, timeout, cancellation);
        var members = directory.State.Present.ToArray();
        var reports = await Task.WhenAll(members.Select(m => NodeQuestions.MaybeAsync(() =>
            _nodes.AskAsync<KeyReport>(m, NodePaths.Replica, new ExplainRequest(stored), timeout, cancellation))));
        var byNode = members.Zip(reports).ToDictionary(r => r.First.Id, r => r.Second is { } said ? ReplicaReport.Of(said) : null);
        return Explanation.Of(stored, directory, byNode);
    }

    /// <summary>
    /// Compares all replicas of all keys by digest, partition by partition. A key counts as differing only if its primaries differ in three
    /// comparisons one second apart: a key that is being written differs for a moment.
    /// </summary>
    /// <param name="contact">The node to ask for the members.</param>
    /// <param name="timeout">How long to wait for each answer.</param>
    /// <param name="progress">Receives the number of each finished partition.</param>
    /// <param name="cancellation">Cancels the comparison.</param>
    /// <exception cref="DynamoUnavailableException">A node did not answer in time.</exception>
    public async Task<Verification> VerifyAsync(NodeAddress contact, TimeSpan timeout, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var directory = await DirectoryAsync(contact, timeout, cancellation);
        var (members, statuses) = await _nodes.StatusesAsync(directory, timeout, cancellation);
        // A removed node may still be an owner; its data is unknown.
        var silent = directory.State.Ring.Serving.Nodes.Except(members.Where((_, i) => statuses[i] is not null).Select(m => m.Id)).ToHashSet();
        var verifier = new Verifier(directory, silent, (node, range) => _nodes.AskAsync<ScanPage>(node, NodePaths.Replica, range, timeout, cancellation));
        for (var partition = 0; partition < directory.State.Ring.Serving.PartitionCount; partition++)
        {
            await verifier.CompareAsync(partition);
            progress?.Report(partition);
        }
        for (var look = 1; look < VerifyLooks && verifier.HasDifferences; look++)
        {
            await _system.Pause(BetweenLooks, cancellation);
            await verifier.LookAgainAsync();
        }
        return verifier.Result(statuses.Sum(s => s?.HintsHeld ?? 0));
    }

    /// <summary>Introduces a running node to the cluster and stages its join.</summary>
    /// <returns>The node's name.</returns>
    /// <exception cref="DynamoBadRequestException">The node belongs to another cluster, or has already joined.</exception>
    /// <inheritdoc cref="IntroduceAsync"/>
    public async Task<NodeId> JoinAsync(NodeAddress contact, NodeAddress newcomer, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var node = await IntroduceAsync(contact, newcomer, timeout, cancellation);
        await StageAsync(contact, node, ChangeKind.Join, null, timeout, cancellation);
        return node;
    }

    /// <summary>Introduces a running node to the cluster, and waits until the contact knows it as a member and all members reach it.</summary>
    /// <returns>The node's name.</returns>
    /// <exception cref="DynamoUnavailableException">One of the two nodes did not answer, or gossip did not connect them in time.</exception>
    /// <exception cref="DynamoBadRequestException">The node belongs to another cluster, the cluster refuses it, or a member does not reach it.</exception>
    public Task<NodeId> IntroduceAsync(NodeAddress contact, NodeAddress newcomer, TimeSpan timeout, CancellationToken cancellation = default) =>
        new Introduction(_nodes, contact, newcomer, timeout, cancellation).RunAsync();

    /// <summary>Makes a node gossip with another one at once, instead of in some later round. Does not wait for the result.</summary>
    public void Introduce(NodeAddress node, NodeAddress to) => _nodes.Introduce(node, to);

    internal async Task<int> StageAsync(NodeAddress contact, NodeId node, ChangeKind kind, NodeId? by, TimeSpan timeout, CancellationToken cancellation = default) =>
        (await _nodes.ChangeAsync<ChangeAccepted>(contact, new StageChange(node, kind, by), timeout, cancellation)).Staged;

    /// <summary>Stages the departure of a node, which hands all its partitions to the others; <see cref="CommitAsync"/> carries it out.</summary>
    /// <param name="contact">The node to send the request to.</param>
    /// <param name="node">The node that leaves.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The number of staged changes.</returns>
    /// <exception cref="DynamoBadRequestException">The change cannot be staged.</exception>
    /// <exception cref="DynamoUnavailableException">The node did not answer in time.</exception>
    public Task<int> LeaveAsync(NodeAddress contact, NodeId node, TimeSpan timeout, CancellationToken cancellation = default) =>
        StageAsync(contact, node, ChangeKind.Leave, null, timeout, cancellation);

    /// <summary>Stages a replacement: a node that waits to join takes over exactly the partitions of another one, running or lost.</summary>
    /// <inheritdoc cref="LeaveAsync"/>
    public Task<int> ReplaceAsync(NodeAddress contact, NodeId old, NodeId by, TimeSpan timeout, CancellationToken cancellation = default) =>
        StageAsync(contact, old, ChangeKind.Replace, by, timeout, cancellation);

    /// <summary>Stages the removal of a node without waiting for its data: data that only it held is lost.</summary>
    /// <inheritdoc cref="LeaveAsync"/>
    public Task<int> ForceRemoveAsync(NodeAddress contact, NodeId node, TimeSpan timeout, CancellationToken cancellation = default) =>
        StageAsync(contact, node, ChangeKind.ForceRemove, null, timeout, cancellation);

    /// <summary>Clears all staged changes.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public Task ClearAsync(NodeAddress contact, TimeSpan timeout, CancellationToken cancellation = default) =>
        _nodes.ChangeAsync<ChangeAccepted>(contact, ClearChanges.Instance, timeout, cancellation);

    /// <summary>Computes what a commit of the staged changes would do.</summary>
    /// <exception cref="DynamoBadRequestException">Nothing is staged, or the changes cannot be planned.</exception>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<PlanReport> PlanAsync(NodeAddress contact, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var directory = await DirectoryAsync(contact, timeout, cancellation);
        var (_, statuses) = await _nodes.StatusesAsync(directory, timeout, cancellation);
        try
        {
            return new PlanReport(directory, RingPlan.Of(directory.State, directory.Defaults, n => !directory.Unreachable.Contains(n)), statuses);
        }
        catch (PlanException e)
        {
            throw new DynamoBadRequestException(e.Message);
        }
    }

    /// <summary>Commits a plan, and waits until all nodes that answer use the same ring.</summary>
    /// <returns>True when that ring is this plan's; false when another operator's plan for the same epoch won.</returns>
    /// <exception cref="DynamoBadRequestException">The staged changes no longer match the plan, or it cannot be committed.</exception>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<bool> CommitAsync(NodeAddress contact, PlanReport plan, TimeSpan timeout, CancellationToken cancellation = default)
    {
        await SubmitAsync(contact, plan, timeout, cancellation);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var here = await DirectoryAsync(contact, timeout, cancellation);
            var all = await Task.WhenAll(here.State.Present.Where(m => !here.Unreachable.Contains(m.Id))
                .Select(m => NodeQuestions.MaybeAsync(() => DirectoryAsync(m.Address, timeout, cancellation))));
            if (all.Where(d => d is not null).All(d => d!.State.Ring.IsSamePlan(here.State.Ring)))
                return here.State.Ring.Epoch == plan.Epoch && here.State.Ring.PlanId == plan.Plan.Id;
            if (clock.Elapsed > AgreementLimit) throw new DynamoUnavailableException($"the plan is committed at {contact}, but did not reach all nodes within {AgreementLimit.TotalSeconds:0}s");
            await _system.Pause(AgreementPause, cancellation);
        }
    }

    /// <summary>Like <see cref="CommitAsync"/>, but does not wait for the other nodes: gossip decides later whether this plan or another one wins.</summary>
    /// <exception cref="DynamoBadRequestException">As for <see cref="CommitAsync"/>.</exception>
    /// <inheritdoc cref="StatusAsync"/>
    public Task SubmitAsync(NodeAddress contact, PlanReport plan, TimeSpan timeout, CancellationToken cancellation = default) =>
        _nodes.ChangeAsync<ChangeAccepted>(contact, new CommitPlan(plan.BaseEpoch, plan.Plan.Id), timeout, cancellation);

    /// <summary>Gets the transfers in progress, as reported by the nodes that receive or hand off partitions.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<IReadOnlyList<NodeTransfers>> TransfersAsync(NodeAddress contact, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var directory = await DirectoryAsync(contact, timeout, cancellation);
        var members = directory.State.Present.ToArray();
        return await Task.WhenAll(members.Select(async m => new NodeTransfers(
            m.Id, await ReportsAsync(m, NodePaths.Transfers), await ReportsAsync(m, NodePaths.HandOff))));

        Task<PartitionTransfer[]?> ReportsAsync(Member node, string actor) =>
            NodeQuestions.MaybeAsync(() => _nodes.TransfersAsync(node, actor, timeout, cancellation));
    }

    /// <summary>Gets the number of hints that a node keeps for each other node.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<IReadOnlyList<HintCount>> HintsAsync(MemberInfo node, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var held = await _nodes.AskAsync<HintsHeld>(node.Id, node.Address, NodePaths.Hints, HintsRequest.Instance, timeout, cancellation);
        return [.. held.Hints.Select(h => new HintCount(h.Owner, h.Hints))];
    }

    /// <summary>Makes a node stop coordinating requests (clients go to the next replica), or resume; repeat the call to see its progress.</summary>
    /// <inheritdoc cref="StatusAsync"/>
    public async Task<DrainState> DrainAsync(NodeAddress node, bool isOn, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var said = await _nodes.AskRootAsync<Wire.DrainState>(node, new DrainRequest(isOn), timeout, cancellation);
        return new DrainState(said.IsOn, said.InFlight, said.HintsHeld);
    }

    /// <summary>Ends the actor system, unless the caller owns it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownsSystem) await _system.Terminate();
    }
}
