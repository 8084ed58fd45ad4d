using Dynamo.Client;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>A disk takes longer for a write than a tombstone's grace, while its node answers everything else.</summary>
public sealed class StalledDiskTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_hint_that_waits_for_its_disk_holds_up_the_reaping_of_its_key(int seed)
    {
        var world = new SimWorld(seed, keepLog: false);
        using var cluster = new SimCluster(world, new SimOptions(Nodes: 5));
        var client = cluster.Client("c1", resendsPuts: false);
        world.RunFor(TimeSpan.FromSeconds(5));
        var key = StorageKey.Of("key");
        var ring = cluster.State.Ring.Serving;
        var walk = ring.Walk(ring.PartitionOf(key.Token)).Select(id => cluster.Nodes.Single(n => n.Id == id)).ToArray();
        var (away, standIn) = (walk[2], walk[3]);
        cluster.Kill(away, losesTail: false);
        world.RunFor(TimeSpan.FromSeconds(5));
        // From now on the client knows that the primaries answer, so that it does not send the put to the node whose disk stalls.
        cluster.Run(client.GetAsync("key"), Limit);
        world.RunFor(TimeSpan.FromSeconds(2));
        standIn.Disk.Stall = TimeSpan.FromSeconds(100);
        cluster.Run(client.PutAsync("key", "one"u8.ToArray(), DynamoContext.None), Limit);
        world.RunFor(TimeSpan.FromSeconds(2));
        cluster.Start(away);
        world.RunFor(TimeSpan.FromSeconds(8));
        var got = cluster.Run(client.GetAsync("key"), Limit);
        cluster.Run(client.DeleteAsync("key", got.Context), Limit);

        world.RunFor(TimeSpan.FromSeconds(40));
        Assert.Equal(0, cluster.Reaps);
        standIn.Disk.Stall = TimeSpan.Zero;
        Assert.True(world.RunUntil(() => cluster.Nodes.All(n => n.Engine!.Read(new RecordKey(key)).Versions.IsEmpty && n.Engine.Figures.Hints == 0), Limit));
        Assert.Empty(cluster.Run(client.GetAsync("key"), Limit).Values);
    }
}
