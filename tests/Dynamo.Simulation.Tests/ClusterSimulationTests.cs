using Dynamo.Simulation.Tests.World;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>The real actors of whole clusters under virtual time and a seed. More seeds: DYNAMO_SEEDS=1000; one seed again: DYNAMO_SEED=17.</summary>
public sealed class ClusterSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void The_same_seed_gives_the_same_events_twice()
    {
        var first = Simulation.Run(7, keepLog: true);
        var second = Simulation.Run(7, keepLog: true);
        Assert.Equal(first.Log, second.Log);
        Assert.NotEqual(first.LogHash, Simulation.Run(8).LogHash);
        Assert.True(first.Acked > 20, $"only {first.Acked} writes were acknowledged");
    }

    [Fact]
    public void After_faults_nothing_acknowledged_is_lost_and_replicas_agree()
    {
        var broken = new List<string>();
        foreach (var seed in Simulation.Seeds(50))
        {
            var run = Simulation.Run(seed);
            output.WriteLine(run.ToString());
            if (run.Faults.Count > 0) broken.Add($"seed {seed}: {string.Join("; ", run.Faults.Take(5))}");
        }
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void While_nodes_join_leave_and_are_replaced_nothing_acknowledged_is_lost()
    {
        var (broken, changes) = (new List<string>(), 0);
        foreach (var seed in Simulation.Seeds(30))
        {
            var run = Simulation.Run(seed, changesRing: true);
            output.WriteLine(run.ToString());
            changes += run.RingChanges;
            if (run.Faults.Count > 0) broken.Add($"seed {seed}: {string.Join("; ", run.Faults)}");
        }
        Assert.True(broken.Count == 0, string.Join('\n', broken));
        Assert.NotEqual(0, changes);
    }

    [Fact]
    public void Where_clients_resend_their_puts_nothing_acknowledged_is_lost_and_fewer_fail()
    {
        var (broken, failed, failedOtherwise) = (new List<string>(), 0, 0);
        foreach (var seed in Simulation.Seeds(20))
        {
            var run = Simulation.Run(seed, resendsPuts: true);
            output.WriteLine(run.ToString());
            failed += run.Failed;
            failedOtherwise += Simulation.Run(seed).Failed;
            if (run.Faults.Count > 0) broken.Add($"seed {seed}: {string.Join("; ", run.Faults.Take(5))}");
        }
        Assert.True(broken.Count == 0, string.Join('\n', broken));
        output.WriteLine($"{failed} writes failed, {failedOtherwise} without resending");
        Assert.True(failed < failedOtherwise, $"{failed} writes failed, {failedOtherwise} without resending");
    }

    [Theory]
    [InlineData(StorageMutation.AckBeforeCommit)]
    [InlineData(StorageMutation.MergeOverwrites)]
    [InlineData(StorageMutation.ReusesStoreId)]
    public void A_broken_rule_is_caught(StorageMutation mutation)
    {
        var caught = Enumerable.Range(1, 60).FirstOrDefault(seed => Simulation.Run(seed, mutation: mutation).Faults.Count > 0);
        output.WriteLine($"{mutation}: caught by seed {caught}");
        Assert.NotEqual(0, caught);
    }
}
