using System.Text;
using Dynamo.Client;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>A node whose wall clock is an hour ahead, and blind puts to a last-write-wins bucket: an acknowledged put never loses to an older one.</summary>
public sealed class ClockSkewTests : IDisposable
{
    private const int Keys = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly SimCluster _cluster;
    private readonly DynamoClient _client;
    private readonly SimNode _ahead;

    // Repair would hide what puts alone leave behind.
    public ClockSkewTests()
    {
        _cluster = new SimCluster(new SimWorld(1, keepLog: false), new SimOptions(Nodes: 5, Overrides: "dynamo { anti-entropy.interval = 60s, hints.interval = 60s }\n"));
        _client = _cluster.Client("c1", resendsPuts: false);
        _cluster.World.RunFor(TimeSpan.FromSeconds(5));
        _cluster.MakeClockBucket();
        _ahead = _cluster.Nodes[4];
        _ahead.Process.ClockSkew = TimeSpan.FromHours(1);
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void The_newer_put_stays_when_a_node_with_a_right_clock_coordinates_it()
    {
        PutAll("old");
        _cluster.Kill(_ahead, losesTail: false);
        _cluster.World.RunFor(TimeSpan.FromSeconds(5));
        PutAll("new");
        _cluster.Start(_ahead);
        AssertAllAreNew();
    }

    [Fact]
    public void The_newer_put_stays_when_its_coordinator_has_not_heard_of_the_older_one()
    {
        var behind = Walk()[1];
        _cluster.Kill(behind, losesTail: false);
        _cluster.World.RunFor(TimeSpan.FromSeconds(5));
        PutAll("old");
        _cluster.Start(behind);
        _cluster.World.RunFor(TimeSpan.FromSeconds(5));
        _cluster.Kill(_ahead, losesTail: false);
        _cluster.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.All(KeysOfAhead(), key => Assert.True(behind.Engine!.Read(new RecordKey(key)).Versions.IsEmpty));
        PutAll("new");
        _cluster.Start(_ahead);
        AssertAllAreNew();
    }

    [Fact]
    public void Status_shows_the_clock_that_is_off()
    {
        var admin = _cluster.Admin("operator");
        _cluster.World.RunFor(TimeSpan.FromSeconds(30));
        foreach (var node in _cluster.Nodes)
        {
            var status = _cluster.Run(admin.StatusAsync(node.Address, TimeSpan.FromSeconds(5)), Limit);
            Assert.Equal(node == _ahead, status.IsClockOff);
            Assert.InRange(status.ClockLead, TimeSpan.FromSeconds(node == _ahead ? 3599.9 : -0.1), TimeSpan.FromSeconds(node == _ahead ? 3600.1 : 0.1));
        }
        _ahead.Process.ClockSkew = TimeSpan.Zero;
        _cluster.World.RunFor(TimeSpan.FromSeconds(30));
        Assert.False(_cluster.Run(admin.StatusAsync(_ahead.Address, TimeSpan.FromSeconds(5)), Limit).IsClockOff);
    }

    private void PutAll(string value)
    {
        foreach (var key in KeysOfAhead())
            _cluster.Run(_client.PutAsync(Asked(key), Encoding.UTF8.GetBytes(value), DynamoContext.None), Limit);
    }

    private void AssertAllAreNew()
    {
        _cluster.World.RunFor(TimeSpan.FromMinutes(10));
        foreach (var node in _cluster.Nodes)
            foreach (var key in KeysOfAhead())
                if (node.Engine!.Read(new RecordKey(key)).Versions is { IsEmpty: false } held)
                    Assert.Equal($"{key} on {node.Id}: new", $"{key} on {node.Id}: {Encoding.UTF8.GetString(Assert.Single(held.Siblings).Value.Span)}");
        Assert.All(KeysOfAhead(), key => Assert.Equal("new", Encoding.UTF8.GetString(_cluster.Run(_client.GetAsync(Asked(key)), Limit).Values.Single().Span)));
    }

    // Keys whose walk begins at the node that is ahead: while it is up, it coordinates their puts.
    private StorageKey[] KeysOfAhead()
    {
        var ring = _cluster.State.Ring.Serving;
        var partition = Enumerable.Range(0, ring.PartitionCount).First(p => ring.Walk(p)[0] == _ahead.Id);
        return [.. Enumerable.Range(0, int.MaxValue).Select(i => StorageKey.Of(History.ClockBucket, Encoding.UTF8.GetBytes($"key-{i}")))
            .Where(k => ring.PartitionOf(k.Token) == partition).Take(Keys)];
    }

    private SimNode[] Walk()
    {
        var ring = _cluster.State.Ring.Serving;
        return [.. ring.Walk(ring.PartitionOf(KeysOfAhead()[0].Token)).Select(id => _cluster.Nodes.Single(n => n.Id == id))];
    }

    private static DynamoKey Asked(StorageKey key) => new(key.Key.ToArray(), key.Bucket);
}
