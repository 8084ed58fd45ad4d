using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Simulation.Tests.World;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>
/// Nodes that are removed while they are away, and a bucket whose N goes up and down, step by step: random runs rarely get there.
/// </summary>
public sealed class RemovalTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_node_that_was_cut_off_when_removed_brings_nothing_deleted_back(int seed)
    {
        var world = new SimWorld(seed, keepLog: false);
        using var cluster = new SimCluster(world, new SimOptions(Nodes: 5));
        var (inside, outside) = (cluster.Client("c1", resendsPuts: false), cluster.Client("c2", resendsPuts: false));
        world.RunFor(TimeSpan.FromSeconds(5));
        var key = StorageKey.Of("key");
        var ring = cluster.State.Ring.Serving;
        var walk = ring.Walk(ring.PartitionOf(key.Token));
        var lost = cluster.Nodes.Single(n => n.Id == walk[0]);
        SimNode[] others = [.. cluster.Nodes.Where(n => n != lost)];
        cluster.Run(outside.PutAsync("key", "one"u8.ToArray(), DynamoContext.None), Limit);

        foreach (var node in others)
        {
            world.Network.Cut(lost.Id.Name, node.Id.Name);
            world.Network.Cut("c1", node.Id.Name);
        }
        world.RunFor(TimeSpan.FromSeconds(10));
        Commit(cluster, others[0], (lost, ChangeKind.ForceRemove));
        Assert.True(world.RunUntil(() => others.All(n => IsSettled(n, 2)), Limit));
        var got = cluster.Run(outside.GetAsync("key"), Limit);
        cluster.Run(outside.DeleteAsync("key", got.Context), Limit);
        Assert.True(world.RunUntil(() => others.All(n => n.Engine!.Read(new RecordKey(key)).Versions.IsEmpty), Limit));

        // The client that was cut off with the node keeps asking it, until it is told.
        world.Network.Heal();
        for (var i = 0; i < 20; i++)
        {
            _ = inside.GetAsync("key", new RequestSettings(R: 1)).ContinueWith(t => t.Exception, TaskScheduler.Default);
            world.RunFor(TimeSpan.FromMilliseconds(50));
        }
        world.RunFor(TimeSpan.FromSeconds(30));
        Assert.All(others, n => Assert.True(n.Engine!.Read(new RecordKey(key)).Versions.IsEmpty, $"{n.Id} has it again"));
    }

    // The node commits a plan and is cut off before anyone hears of it; the others remove it, all know of that, and carry it out. Then it comes back.
    [Fact]
    public void A_removed_nodes_plan_does_not_undo_one_that_was_carried_out()
    {
        var hadGreater = 0;
        OwnThread.ForEachSeed(Enumerable.Range(1, 40), seed =>
        {
            var world = new SimWorld(seed, keepLog: false);
            using var cluster = new SimCluster(world, new SimOptions(Nodes: 5, Spares: 1));
            var (spare, lost) = (cluster.Nodes[5], cluster.Nodes[seed % 5]);
            world.RunFor(TimeSpan.FromSeconds(25));
            cluster.Start(spare);
            Assert.True(world.RunUntil(() => SimCluster.StateOf(lost).Members.ContainsKey(spare.Id), Limit));
            SimNode[] others = [.. cluster.Nodes.Where(n => n != lost && n != spare)];
            foreach (var node in others.Append(spare)) world.Network.Cut(lost.Id.Name, node.Id.Name);
            var own = Commit(cluster, lost, (spare, ChangeKind.Join));
            world.RunFor(TimeSpan.FromSeconds(10));
            var theirs = Commit(cluster, others[0], (lost, ChangeKind.ForceRemove));
            Assert.True(world.RunUntil(() => others.All(n => IsSettled(n, 2)), Limit));
            if (own.Plan.Id > theirs.Plan.Id) hadGreater++;

            world.Network.Heal();
            for (var i = 0; i < 100; i++)
            {
                world.RunFor(TimeSpan.FromMilliseconds(100));
                Assert.All(others, n => Assert.True(SimCluster.StateOf(n).Ring.PlanId == theirs.Plan.Id, $"seed {seed}: {n.Id} follows the plan of {lost.Id}"));
            }
        });
        output.WriteLine($"of 40 plans of removed nodes {hadGreater} had the greater id");
        Assert.NotEqual(0, hadGreater);
    }

    [Fact]
    public void Hints_for_a_founder_that_never_came_go_to_the_others_once_it_is_removed()
    {
        var world = new SimWorld(3, keepLog: false);
        using var cluster = new SimCluster(world, new SimOptions(Nodes: 5));
        var absent = cluster.Nodes[4];
        SimNode[] others = [.. cluster.Nodes.Where(n => n != absent)];
        foreach (var node in cluster.Nodes)
        {
            cluster.Kill(node, losesTail: false);
            node.Disk.Wipe();
        }
        foreach (var node in others) cluster.Start(node);
        var client = cluster.Client("c1", resendsPuts: false);
        world.RunFor(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 20; i++) cluster.Run(client.PutAsync($"key-{i}", "one"u8.ToArray(), DynamoContext.None), Limit);
        Assert.NotEqual(0, others.Sum(n => n.Engine!.Figures.Hints));
        Commit(cluster, others[0], (absent, ChangeKind.ForceRemove));
        Assert.True(world.RunUntil(() => others.All(n => IsSettled(n, 2) && n.Engine!.Figures.Hints == 0), Limit));
    }

    [Fact]
    public void After_N_was_raised_and_lowered_again_a_node_can_join()
    {
        var world = new SimWorld(5, keepLog: false);
        using var cluster = new SimCluster(world, new SimOptions(Nodes: 5, Spares: 1));
        var (contact, spare) = (cluster.Nodes[0], cluster.Nodes[5]);
        var admin = cluster.Admin("clerk");
        world.RunFor(TimeSpan.FromSeconds(5));
        SetN(4);
        Commit(cluster, contact);
        Assert.True(world.RunUntil(() => IsSettled(contact, 2), Limit));
        SetN(3);
        cluster.Start(spare);
        Assert.True(world.RunUntil(() => SimCluster.StateOf(contact).Members.ContainsKey(spare.Id), Limit));
        Commit(cluster, contact, (spare, ChangeKind.Join));
        Assert.True(world.RunUntil(() => IsSettled(contact, 3), Limit));

        void SetN(int n)
        {
            cluster.Run(admin.SetBucketAsync(contact.Address, "wide", BucketOptions.Default with { Quorum = new QuorumRules(n, 2, 2) }, RequestTimeout), Limit);
            world.RunFor(TimeSpan.FromSeconds(5));
        }
    }

    private static bool IsSettled(SimNode node, long epoch) => SimCluster.StateOf(node).Ring is { IsSettled: true } ring && ring.Epoch == epoch;

    private static PlanReport Commit(SimCluster cluster, SimNode contact, params (SimNode Node, ChangeKind Kind)[] changes)
    {
        var admin = cluster.Admin($"operator{cluster.World.Events}");
        foreach (var (node, kind) in changes) cluster.Run(admin.StageAsync(contact.Address, node.Id, kind, null, RequestTimeout), Limit);
        var plan = cluster.Run(admin.PlanAsync(contact.Address, RequestTimeout), Limit);
        var submitted = admin.SubmitAsync(contact.Address, plan, RequestTimeout);
        Assert.True(cluster.World.RunUntil(() => submitted.IsCompleted, Limit));
        Assert.True(submitted.IsCompletedSuccessfully, submitted.Exception?.ToString());
        return plan;
    }
}
