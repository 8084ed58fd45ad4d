using System.Collections.Concurrent;
using Dynamo.Core.Ring;
using Dynamo.Simulation.Tests.World;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests.Gossip;

/// <summary>The time until a crash is seen, and what is not mistaken for one, at default settings and without requests that would reveal it sooner.</summary>
public sealed class FailureDetectionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(3, 5, 8)]
    [InlineData(5, 10, 8)]
    [InlineData(30, 2, 5)]
    public void A_crash_is_seen_by_all_within_two_seconds_mostly_and_five_nearly_always(int nodes, int seeds, int crashes)
    {
        var (first, all, mistaken) = (new ConcurrentBag<double>(), new ConcurrentBag<double>(), new ConcurrentBag<string>());
        // A seed of thirty nodes takes as long as four other runs.
        OwnThread.ForEachSeed(Simulation.FewSeeds(seeds, oneIn: nodes < 30 ? 10 : 50), seed =>
        {
            using var gossip = new GossipWorld(seed, nodes);
            gossip.RunUntil(() => gossip.AllAgree, 20 * Second, "all agree");
            for (var i = 0; i < crashes; i++)
            {
                gossip.World.RunFor(TimeSpan.FromMilliseconds(gossip.World.Random.Next(2000, 4000)));
                var victim = gossip.Nodes[gossip.World.Random.Next(nodes)];
                victim.Process.Kill();
                var toFirst = gossip.RunUntil(() => gossip.Alive.Any(n => n.Misses(victim.Id)), 20 * Second, "a crash is seen by one");
                first.Add(toFirst.TotalSeconds);
                all.Add((toFirst + gossip.RunUntil(() => gossip.Alive.All(n => n.Misses(victim.Id)), 20 * Second, "a crash is seen by all")).TotalSeconds);
                foreach (var node in gossip.Alive)
                    foreach (var doubted in node.Doubted.Where(d => d != victim.Id)) mistaken.Add($"seed {seed}: {node.Id} believed {doubted} out of reach");
                victim.Start();
                gossip.RunUntil(() => gossip.Alive.All(n => n.View?.Unreachable.IsEmpty == true), 20 * Second, "the node that came back is seen by all");
                foreach (var node in gossip.Nodes) node.Forget();
            }
        });
        output.WriteLine($"{nodes} nodes, {all.Count} crashes: seen by one after {Quantiles(first)}, by all after {Quantiles(all)}");
        Assert.InRange(At(all, 0.5), 0, 2);
        Assert.InRange(At(all, 0.99), 0, 5);
        // One in a hundred: a node that is back may be out of one peer's reach for seconds, until a connection that crossed another is made anew.
        Assert.True(mistaken.Count <= all.Count / 100, string.Join('\n', mistaken));
    }

    /// <summary>Every process gets a few milliseconds of CPU now and then.</summary>
    [Fact]
    public void Hardly_anybody_is_believed_dead_while_every_node_runs_in_short_slices_for_ten_seconds() => Starve((gossip, end) =>
    {
        foreach (var node in gossip.Nodes) Slice(gossip.World, node.Process, end);
    });

    /// <summary>Every process runs, each step hundreds of times slower than usual.</summary>
    [Fact]
    public void Hardly_anybody_is_believed_dead_while_every_step_of_every_node_is_slow_for_ten_seconds() => Starve((gossip, end) =>
    {
        foreach (var node in gossip.Nodes)
        {
            node.Process.TurnCost = TimeSpan.FromMilliseconds(gossip.World.Random.Next(5, 15));
            gossip.World.At(end - gossip.World.Now, () => node.Process.TurnCost = TimeSpan.Zero);
        }
    });

    /// <summary>Like SIGSTOP and SIGCONT to all.</summary>
    [Fact]
    public void Hardly_anybody_is_believed_dead_when_all_stand_still_for_ten_seconds() => Starve((gossip, end) =>
    {
        foreach (var node in gossip.Nodes)
        {
            gossip.World.At(TimeSpan.FromMilliseconds(gossip.World.Random.Next(0, 50)), node.Process.Pause);
            gossip.World.At(end - gossip.World.Now + TimeSpan.FromMilliseconds(gossip.World.Random.Next(0, 50)), node.Process.Resume);
        }
    });

    [Fact]
    public void A_paused_node_is_missed_and_comes_back_by_itself_with_a_correct_view()
    {
        OwnThread.ForEachSeed(Simulation.FewSeeds(5), seed =>
        {
            using var gossip = new GossipWorld(seed, 5);
            gossip.RunUntil(() => gossip.AllAgree, 20 * Second, "all agree");
            gossip.World.RunFor(5 * Second);
            var paused = gossip.Nodes[seed % 5];
            paused.Process.Pause();
            gossip.World.RunFor(30 * Second);
            Assert.All(gossip.Nodes.Where(n => n != paused), n => Assert.True(n.Misses(paused.Id)));
            paused.Process.Resume();
            var back = gossip.RunUntil(() => gossip.Nodes.All(n => n.View!.Unreachable.IsEmpty), 10 * Second, "the paused node is back");
            output.WriteLine($"seed {seed}: back after {back.TotalSeconds:0.00} s");
            Assert.Empty(paused.Doubted);
        });
    }

    [Fact]
    public void A_partition_is_seen_from_both_sides_and_heals_by_itself()
    {
        OwnThread.ForEachSeed(Simulation.FewSeeds(5), seed =>
        {
            using var gossip = new GossipWorld(seed, 7);
            gossip.RunUntil(() => gossip.AllAgree, 20 * Second, "all agree");
            gossip.World.RunFor(5 * Second);
            HashSet<NodeId> few = [.. gossip.Nodes[..3].Select(n => n.Id)];
            foreach (var (a, b) in from a in gossip.Nodes[..3] from b in gossip.Nodes[3..] select (a, b)) gossip.World.Network.Cut(a.Id.Name, b.Id.Name);
            gossip.RunUntil(
                () => gossip.Nodes.All(n => n.View!.Unreachable.SetEquals(gossip.Nodes.Select(o => o.Id).Where(o => few.Contains(o) != few.Contains(n.Id)))),
                20 * Second, "each side misses the other");
            gossip.World.RunFor(30 * Second);
            gossip.World.Network.Heal();
            var healed = gossip.RunUntil(() => gossip.Nodes.All(n => n.View!.Unreachable.IsEmpty), 30 * Second, "all see all again");
            output.WriteLine($"seed {seed}: healed after {healed.TotalSeconds:0.00} s");
        });
    }

    /// <summary>One link is cut: its two ends cannot reach each other, and nobody is suspected.</summary>
    [Fact]
    public void A_node_that_only_one_other_cannot_reach_is_not_suspected()
    {
        OwnThread.ForEachSeed(Simulation.FewSeeds(5), seed =>
        {
            using var gossip = new GossipWorld(seed, 5);
            gossip.RunUntil(() => gossip.AllAgree, 20 * Second, "all agree");
            gossip.World.RunFor(5 * Second);
            gossip.World.Network.Cut("n001", "n003");
            gossip.RunUntil(() => gossip.Nodes[1].Misses(gossip.Nodes[3].Id) && gossip.Nodes[3].Misses(gossip.Nodes[1].Id), 30 * Second, "the ends miss each other");
            gossip.World.RunFor(20 * Second);
            Assert.All(new[] { 0, 2, 4 }, i => Assert.Empty(gossip.Nodes[i].Doubted));
            gossip.World.Network.Heal();
            gossip.RunUntil(() => gossip.Nodes.All(n => n.View!.Unreachable.IsEmpty), 30 * Second, "all see all again");
        });
    }

    private static void Starve(Action<GossipWorld, TimeSpan> starve)
    {
        var (seeds, mistaken) = (Simulation.FewSeeds(8), new ConcurrentBag<string>());
        OwnThread.ForEachSeed(seeds, seed =>
        {
            using var gossip = new GossipWorld(seed, 5);
            gossip.RunUntil(() => gossip.AllAgree, 20 * Second, "all agree");
            gossip.World.RunFor(5 * Second);
            foreach (var node in gossip.Nodes) node.Forget();
            starve(gossip, gossip.World.Now + (10 * Second));
            gossip.World.RunFor(30 * Second);
            foreach (var doubted in gossip.Nodes.SelectMany(n => n.Doubted).Distinct()) mistaken.Add($"seed {seed}: {doubted} was believed out of reach");
        });
        // No detector is certain, least of all about a node that is at its capacity and falls a second behind. It is believed down until it refutes that.
        Assert.True(mistaken.Count <= seeds.Count * 5 / 100, string.Join('\n', mistaken));
    }

    private static void Slice(SimWorld world, SimProcess process, TimeSpan end)
    {
        process.Pause();
        var sleep = TimeSpan.FromMilliseconds(world.Random.Next(100, 2500));
        world.At(sleep < end - world.Now ? sleep : end - world.Now, () =>
        {
            process.Resume();
            if (world.Now < end) world.At(TimeSpan.FromMilliseconds(world.Random.Next(1, 20)), () => Slice(world, process, end));
        });
    }

    private static string Quantiles(IReadOnlyCollection<double> seconds) => $"p50 {At(seconds, 0.5):0.00} s, p99 {At(seconds, 0.99):0.00} s, at most {seconds.Max():0.00} s";

    private static double At(IReadOnlyCollection<double> seconds, double quantile) => seconds.Order().ElementAt((int)Math.Ceiling(quantile * seconds.Count) - 1);
}
