using System.Diagnostics.Metrics;
using Akka.Actor;
using Dynamo.Actors.Node;
using Dynamo.Actors.Shared;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Two live nodes with one name: the second one ends. A node that comes back at another address is no second one.</summary>
public sealed class NameConflictTests : Akka.TestKit.Xunit2.TestKit
{
    // A busy machine is no fault: a node that lives has this long, five times over, to say so.
    private const string Patient = "dynamo.gossip.probe-timeout = 4s";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_second_node_with_an_empty_store_ends_and_every_node_names_the_conflict()
    {
        await using var nodes = new NodesInProcess(3, hocon: Patient);
        await using var admin = await AgreedAsync(nodes);
        var counted = 0;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref counted, (int)measurement));
        listener.EnableMeasurementEvents(NodeMetrics.NameConflicts);
        listener.Start();
        var second = nodes.StartSecond(Given.N1, new MemoryEngine(new StoreId(99)));
        await AssertGoneAsync(nodes, second);
        await AssertKeptAsync(nodes, admin);
        foreach (var node in nodes.Names)
        {
            await AwaitAssertAsync(
                async () => Assert.Contains((await admin.StatusAsync(nodes.AddressOf(node), Limit)).Warnings, w => w.StartsWith($"two live nodes are named n1: the one at {nodes.AddressOf(Given.N1)} stays", StringComparison.Ordinal)),
                Limit, Given.Often);
        }
        // A node counts after it has told.
        await AwaitAsync(() => Task.FromResult(Volatile.Read(ref counted) >= 3));
        Assert.Equal(3, Volatile.Read(ref counted));
    }

    [Fact]
    public async Task A_copy_of_a_running_nodes_store_ends_before_it_serves_anyone()
    {
        await using var nodes = new NodesInProcess(3, hocon: Patient);
        await using var admin = await AgreedAsync(nodes);
        var copy = new MemoryEngine(nodes.EngineOf(Given.N1).Store);
        await copy.SetMetaAsync("cluster", nodes.EngineOf(Given.N1).GetMeta("cluster")!);
        var before = copy.GetMeta("cluster");
        var second = nodes.StartSecond(Given.N1, copy);
        await AssertGoneAsync(nodes, second);
        // It wrote nothing: started again, it is known for a copy again.
        Assert.Equal(before, copy.GetMeta("cluster"));
        Assert.Equal(0, copy.Figures.Keys);
        await AssertKeptAsync(nodes, admin);
    }

    [Fact]
    public async Task A_node_that_takes_a_name_while_its_holder_is_stopped_keeps_it()
    {
        await using var nodes = new NodesInProcess(3);
        await using var admin = await AgreedAsync(nodes);
        var former = nodes.AddressOf(Given.N1);
        var store = nodes.EngineOf(Given.N1);
        await nodes.StopAsync(Given.N1);
        nodes.StartElsewhere(Given.N1, withData: false);
        await AwaitAsync(() => nodes.IsAgreedAsync(admin));
        // The machine with the first one is back.
        var first = nodes.StartSecond(Given.N1, store);
        await AssertGoneAsync(nodes, first);
        await AssertKeptAsync(nodes, admin);
        Assert.NotEqual(former, nodes.AddressOf(Given.N1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_crashed_comes_back_at_another_address(bool withData)
    {
        await using var nodes = new NodesInProcess(3);
        await using var admin = await AgreedAsync(nodes);
        await nodes.StopAsync(Given.N1);
        nodes.StartElsewhere(Given.N1, withData);
        await AwaitAsync(() => nodes.IsAgreedAsync(admin));
        await AssertKeptAsync(nodes, admin);
        await using var dynamo = await nodes.ConnectAsync();
        await dynamo.PutAsync("key", "value"u8.ToArray(), DynamoContext.None, new RequestSettings(W: 3));
    }

    [Fact]
    public async Task A_cluster_of_one_that_has_a_members_name_ends_when_it_meets_the_cluster()
    {
        await using var nodes = new NodesInProcess(3, hocon: Patient);
        await using var admin = await AgreedAsync(nodes);
        var alone = nodes.StartSecond(Given.N1, new MemoryEngine(new StoreId(99)), "dynamo.cluster { founders = [n1], seeds = [] }");
        await AwaitAsync(async () => (await admin.TryStatusAsync(NodesInProcess.AddressOf(alone), Limit)) is { RingEpoch: > 0 });
        admin.Introduce(nodes.AddressOf(Given.N2), NodesInProcess.AddressOf(alone));
        await AssertGoneAsync(nodes, alone);
        await AssertKeptAsync(nodes, admin);
    }

    [Fact]
    public async Task Of_two_nodes_that_begin_together_with_one_name_and_no_other_member_exactly_one_ends()
    {
        await using var nodes = new NodesInProcess(1, hocon: "dynamo.bucket { n = 1, r = 1, w = 1 }");
        var second = nodes.StartSecond(Given.N1, new MemoryEngine(new StoreId(99)));
        await AwaitAsync(() => Task.FromResult(IsGone(second) || nodes.IsGone(Given.N1)));
        Assert.NotEqual(IsGone(second), nodes.IsGone(Given.N1));
    }

    private static bool IsGone(ActorSystem system) => CoordinatedShutdown.Get(system).ShutdownReason is NodeGone;

    private async Task AssertGoneAsync(NodesInProcess nodes, ActorSystem second)
    {
        await AwaitAsync(() => Task.FromResult(IsGone(second)));
        var gone = (NodeGone)CoordinatedShutdown.Get(second).ShutdownReason;
        Assert.True(gone.IsExpelled);
        Assert.StartsWith($"node n1 ended: a live node at {nodes.AddressOf(Given.N1)} has its name in cluster dynamo (dynamo.node.name)", gone.Words, StringComparison.Ordinal);
    }

    // Every node knows n1 at its address, and none has ended.
    private static async Task AssertKeptAsync(NodesInProcess nodes, DynamoAdmin admin)
    {
        foreach (var node in nodes.Names)
        {
            Assert.False(nodes.IsGone(node));
            Assert.Equal(nodes.AddressOf(Given.N1), (await admin.ClusterAsync(nodes.AddressOf(node), Limit)).Find(Given.N1)!.Address);
        }
    }

    private async Task<DynamoAdmin> AgreedAsync(NodesInProcess nodes)
    {
        var admin = DynamoAdmin.Open();
        await AwaitAsync(() => nodes.IsAgreedAsync(admin));
        return admin;
    }

    private Task AwaitAsync(Func<Task<bool>> holds) => AwaitAssertAsync(async () => Assert.True(await holds()), Limit, Given.Often);
}
