using Dynamo.Client;
using Dynamo.Core.Ring;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>A client that the network cuts from some of the nodes, silently, while the nodes reach each other.</summary>
public sealed class CutClientTests
{
    private const string Name = "c1";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // The product's own: with it go its times for dialling and for silent connections.
    private static readonly SimOptions Options = new() { Grace = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_request_of_a_client_that_reaches_only_one_node_is_served(int seed) => OwnThread.Run(() =>
    {
        var world = new SimWorld(seed);
        using var cluster = new SimCluster(world, Options);
        world.RunFor(TimeSpan.FromSeconds(5));
        foreach (var node in cluster.Nodes.Skip(1)) world.Network.Cut(Name, node.Id.Name);
        var client = cluster.Client(Name, resendsPuts: false);
        Assert.Empty(Failures(cluster, client, requests: 400));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_client_that_is_cut_from_two_nodes_loses_only_the_requests_that_are_under_way(int seed) => OwnThread.Run(() =>
    {
        var world = new SimWorld(seed);
        using var cluster = new SimCluster(world, Options);
        var client = cluster.Client(Name, resendsPuts: false);
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.Empty(Failures(cluster, client, requests: 100));
        Assert.Equal(5, Coordinators(cluster, client));
        foreach (var node in cluster.Nodes.Take(2)) world.Network.Cut(Name, node.Id.Name);
        // One request at a time: at most one for each of the two nodes.
        Assert.InRange(Failures(cluster, client, requests: 100).Count, 0, 2);
        Assert.Empty(Failures(cluster, client, requests: 600));

        world.Network.Heal();
        // Two probes of each, at most 30 s apart: the first one's answer may find the node without a connection to write on.
        Assert.Empty(Failures(cluster, client, requests: 1000));
        // The nodes are used again: their coordinators answer, not only those of the three others.
        Assert.Equal(5, Coordinators(cluster, client));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_client_that_reached_only_a_node_that_is_cut_off_now_finds_the_others(int seed) => OwnThread.Run(() =>
    {
        var world = new SimWorld(seed);
        using var cluster = new SimCluster(world, Options);
        world.RunFor(TimeSpan.FromSeconds(5));
        var ring = cluster.State.Ring.Serving;
        var lost = cluster.Nodes.Single(n => n.Id == ring.Walk(ring.PartitionOf(StorageKey.Of("key").Token))[0]);
        SimNode[] others = [.. cluster.Nodes.Where(n => n != lost)];
        foreach (var node in others) world.Network.Cut(Name, node.Id.Name);
        var client = cluster.Client(Name, resendsPuts: false);
        Put(cluster, client, "key");

        world.Network.Heal();
        foreach (var node in others) world.Network.Cut(lost.Id.Name, node.Id.Name);
        // Nothing but the answers to its requests tells the client of the cut.
        var until = world.Now + TimeSpan.FromSeconds(15);
        while (world.Now < until) Failures(cluster, client, requests: 1, keys: 0);
        Assert.Empty(Failures(cluster, client, requests: 100, keys: 0));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_client_that_was_idle_is_served_as_if_it_had_not_been(int seed) =>
        ServesAfter(seed, (world, _) => world.RunFor(TimeSpan.FromMinutes(2)));

    // A laptop that sleeps, a container that is frozen: the nodes give up its connections.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_client_that_was_suspended_is_served_as_if_it_had_not_been(int seed) =>
        ServesAfter(seed, (world, process) =>
        {
            process.Pause();
            world.RunFor(TimeSpan.FromMinutes(2));
            process.Resume();
        });

    private static void ServesAfter(int seed, Action<SimWorld, SimProcess> pass) => OwnThread.Run(() =>
    {
        var world = new SimWorld(seed);
        using var cluster = new SimCluster(world, Options);
        var client = cluster.Client(Name, resendsPuts: false);
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.Empty(Failures(cluster, client, requests: 100));
        Assert.Equal(5, Coordinators(cluster, client));
        pass(world, world.Network.Process(Name));
        for (var i = 0; i < 100; i++)
        {
            var began = world.Now;
            Put(cluster, client, $"key-{i}");
            Assert.InRange(world.Now - began, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
        }
    });

    private static List<string> Failures(SimCluster cluster, DynamoClient client, int requests, int keys = 50)
    {
        var failures = new List<string>();
        for (var i = 0; i < requests; i++)
        {
            var key = keys == 0 ? "key" : $"key-{i % keys}";
            try
            {
                if (i % 2 == 0) Put(cluster, client, key);
                else cluster.Run(client.GetAsync(key), Limit);
            }
            catch (DynamoException e)
            {
                failures.Add($"{cluster.World.Now.TotalSeconds:0.0} s: {e.Message}");
            }
            cluster.World.RunFor(TimeSpan.FromMilliseconds(100));
        }
        return failures;
    }

    // A coordinator's own store takes a write first.
    private static int Coordinators(SimCluster cluster, DynamoClient client) =>
        Enumerable.Range(0, 100).Select(i => Put(cluster, client, $"another-{i}").Took[0].Node).Distinct().Count();

    private static PutResult Put(SimCluster cluster, DynamoClient client, string key) =>
        cluster.Run(client.PutAsync(key, "value"u8.ToArray(), DynamoContext.None), Limit);
}
