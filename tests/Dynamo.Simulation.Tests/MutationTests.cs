using Dynamo.Simulation.Tests.World;
using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>Rules broken on purpose: one of sixty seeds must catch each of them.</summary>
public sealed class MutationTests(ITestOutputHelper output) : Judging(output)
{
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

    private void IsCaught(string rule, Scenario scenario)
    {
        var caught = Enumerable.Range(1, 60).Select(seed => Simulation.Run(seed, scenario)).FirstOrDefault(r => r.Faults.Count > 0);
        Output.WriteLine(caught is null ? $"{rule}: not caught" : $"{rule}: caught by seed {caught.Seed}: {caught.Faults[0]}");
        Assert.NotNull(caught);
    }
}
