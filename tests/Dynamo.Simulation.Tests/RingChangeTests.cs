using Xunit.Abstractions;

namespace Dynamo.Simulation.Tests;

/// <summary>Nodes join, leave and are replaced during faults.</summary>
public sealed class RingChangeTests(ITestOutputHelper output) : Judging(output)
{
    [Fact]
    public void While_nodes_join_leave_and_are_replaced_nothing_acknowledged_is_lost() =>
        Assert.NotEqual(0, Judged(30, "changes-ring").Sum(r => r.RingChanges));

    [Fact]
    public void Nothing_deleted_comes_back_while_nodes_join_and_leave_before_its_reaping() =>
        Assert.NotEqual(0, Judged(15, "reaps-and-changes-ring").Sum(r => r.RingChanges));
}
