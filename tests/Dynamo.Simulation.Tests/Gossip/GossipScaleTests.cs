using System.Diagnostics;
using Akka.Actor;
using Dynamo.Core.Buckets;
using Dynamo.Protocol;
using Dynamo.Simulation.Tests.World;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests.Gossip;

/// <summary>Hundreds of real gossipers: how fast changes spread, and at what cost.</summary>
public sealed class GossipScaleTests(ITestOutputHelper output)
{
    private const int Nodes = 500;
    private const int MaxRounds = 15;

    // 16 heartbeats, a round or two of up to 4 messages each way, and the links' own messages.
    private const int MaxFramesARound = 60;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    [Fact]
    public void Five_hundred_nodes_agree_within_fifteen_rounds_of_a_bounded_number_of_messages() => OwnThread.Run(() =>
    {
        var watch = Stopwatch.StartNew();
        using var gossip = new GossipWorld(seed: 1, Nodes, isRestart: false);
        gossip.RunUntil(() => gossip.AllAgree, Round, "all agree as they begin");
        output.WriteLine($"{Nodes} nodes started in {watch.Elapsed.TotalSeconds:0.0} s");
        gossip.World.RunFor(Round);
        var before = gossip.Nodes[0].StateHash;
        gossip.Nodes[Nodes / 2].Gossiper.Tell(new SetBucket("news", BucketOptions.Default), ActorRefs.NoSender);
        var (rounds, cost) = Measure(gossip, () => gossip.Nodes.All(n => n.StateHash != before) && gossip.AllAgree);
        output.WriteLine($"one change is known to all after {rounds:0.0} rounds; {cost}");
        Assert.InRange(rounds, 0, MaxRounds);
        Assert.InRange(cost.FramesARound, 1, MaxFramesARound);
        Assert.InRange(cost.LargestFrame, 1, 80 << 10);

        var victim = gossip.Nodes[77];
        victim.Process.Kill();
        var first = gossip.RunUntil(() => gossip.Alive.Any(n => n.Misses(victim.Id)), Round * 10, "someone misses the node that crashed");
        var all = first + gossip.RunUntil(() => gossip.Alive.All(n => n.Misses(victim.Id)), Round * MaxRounds, "all miss the node that crashed");
        output.WriteLine($"a crash is seen by one after {first.TotalSeconds:0.00} s and by all {Nodes - 1} after {all.TotalSeconds:0.00} s");
        Assert.All(gossip.Alive, n => Assert.Equal([victim.Id], n.Doubted));
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s in all");
    });

    /// <summary>All restart at once: a hundred changes at the same time.</summary>
    [Fact]
    public void A_hundred_nodes_that_restart_together_agree_within_fifteen_rounds() => OwnThread.Run(() =>
    {
        using var gossip = new GossipWorld(seed: 1, nodes: 100);
        var (rounds, cost) = Measure(gossip, () => gossip.AllAgree);
        output.WriteLine($"100 restarts are known to all after {rounds:0.0} rounds; {cost}");
        Assert.InRange(rounds, 0, MaxRounds);
        Assert.All(gossip.Nodes, n => Assert.Empty(n.Doubted));
    });

    private static (double Rounds, Cost Cost) Measure(GossipWorld gossip, Func<bool> condition)
    {
        foreach (var node in gossip.Nodes) (node.Process.FramesSent, node.Process.BytesSent, node.Process.LargestFrame) = (0, 0, 0);
        var rounds = gossip.RunUntil(condition, Round * MaxRounds * 2, "all agree") / Round;
        var processes = gossip.Nodes.Select(n => n.Process).ToArray();
        return (rounds, new Cost(
            processes.Average(p => p.FramesSent) / rounds, processes.Max(p => p.FramesSent) / rounds,
            processes.Average(p => p.BytesSent) / rounds, processes.Max(p => p.LargestFrame)));
    }

    private sealed record Cost(double FramesARound, double MaxFramesARound, double BytesARound, int LargestFrame)
    {
        public override string ToString() =>
            $"a node sent {FramesARound:0.0} frames a round ({MaxFramesARound:0.0} at most) of {BytesARound / 1024:0.0} KiB together, the largest {LargestFrame} bytes";
    }
}
