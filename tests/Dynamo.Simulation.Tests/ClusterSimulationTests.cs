using Dynamo.Simulation.Tests.World;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>The real actors of whole clusters under virtual time and a seed. More seeds: DYNAMO_SEEDS=1000; one seed again: DYNAMO_SEED=17.</summary>
public sealed class ClusterSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void After_faults_nothing_acknowledged_is_lost_and_replicas_agree()
    {
        var runs = Judged(50, Scenario.Usual);
        Assert.NotEqual(0, runs.Sum(r => r.LoadedTrees));
        output.WriteLine($"{runs.Sum(r => r.LoadedTrees)} nodes found the hash trees that they had saved");
    }

    [Fact]
    public void Tombstones_are_reaped_during_faults_and_after_and_nothing_deleted_is_back()
    {
        var runs = Judged(50, new Scenario { Reaps = true });
        var (early, late) = (runs.Sum(r => r.EarlyReaps), runs.Sum(r => r.LateReaps));
        output.WriteLine($"{early} tombstones were reaped during faults and {late} after, in {runs.Count} runs");
        Assert.NotEqual(0, early);
        Assert.NotEqual(0, late);
    }

    [Fact]
    public void Where_two_primaries_answer_each_get_shows_what_was_acknowledged_before() => Judged(30, new Scenario { IsStrict = true });

    [Fact]
    public void While_nodes_join_leave_and_are_replaced_nothing_acknowledged_is_lost() =>
        Assert.NotEqual(0, Judged(30, new Scenario { ChangesRing = true }).Sum(r => r.RingChanges));

    [Fact]
    public void Where_clients_resend_their_puts_nothing_acknowledged_is_lost_and_fewer_fail()
    {
        var failed = Judged(20, new Scenario { ResendsPuts = true }).Sum(r => r.Failed);
        var failedOtherwise = Simulation.Seeds(20).Sum(seed => Simulation.Run(seed).Failed);
        output.WriteLine($"{failed} writes failed, {failedOtherwise} without resending");
        Assert.True(failed < failedOtherwise, $"{failed} writes failed, {failedOtherwise} without resending");
    }

    [Fact]
    public void Where_the_last_write_wins_replicas_agree_on_one_that_was_acknowledged() => Judged(30, new Scenario { HasClockBucket = true });

    [Fact]
    public void Nothing_deleted_is_back_where_nodes_join_and_leave_between_a_delete_and_its_reaping() =>
        Assert.NotEqual(0, Judged(15, new Scenario { Reaps = true, ChangesRing = true }).Sum(r => r.RingChanges));

    [Theory]
    [InlineData(StorageMutation.AckBeforeCommit)]
    [InlineData(StorageMutation.MergeOverwrites)]
    [InlineData(StorageMutation.ReusesStoreId)]
    public void A_broken_rule_of_storage_is_caught(StorageMutation mutation) => IsCaught(mutation.ToString(), new Scenario { Storage = mutation });

    [Theory]
    [InlineData(WireMutation.AllAgreeToReap)]
    [InlineData(WireMutation.HintsNotStored)]
    [InlineData(WireMutation.PutsNotStored)]
    [InlineData(WireMutation.ReadsOfOthersEmpty)]
    public void A_broken_rule_among_nodes_is_caught(WireMutation mutation) => IsCaught(mutation.ToString(), new Scenario
    {
        Wire = mutation,
        Reaps = mutation is WireMutation.AllAgreeToReap or WireMutation.HintsNotStored,
        IsStrict = mutation == WireMutation.ReadsOfOthersEmpty,
    });

    private List<SimulationRun> Judged(int seeds, Scenario scenario)
    {
        var runs = new List<SimulationRun>();
        foreach (var seed in Simulation.Seeds(seeds))
        {
            runs.Add(Simulation.Run(seed, scenario));
            output.WriteLine(runs[^1].ToString());
        }
        var broken = runs.Where(r => r.Faults.Count > 0).Select(r => $"seed {r.Seed}: {string.Join("; ", r.Faults)}").ToArray();
        Assert.True(broken.Length == 0, string.Join('\n', broken));
        return runs;
    }

    private void IsCaught(string rule, Scenario scenario)
    {
        var caught = Enumerable.Range(1, 60).Select(seed => Simulation.Run(seed, scenario)).FirstOrDefault(r => r.Faults.Count > 0);
        output.WriteLine(caught is null ? $"{rule}: not caught" : $"{rule}: caught by seed {caught.Seed}: {caught.Faults[0]}");
        Assert.NotNull(caught);
    }
}
