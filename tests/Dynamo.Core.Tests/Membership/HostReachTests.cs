using Dynamo.Core.Membership;

namespace Dynamo.Core.Tests.Membership;

/// <summary>Addresses that cannot lead other nodes to a node.</summary>
public sealed class HostReachTests
{
    [Theory]
    [InlineData("0.0.0.0", "", "means all addresses")]
    [InlineData("::", "", "means all addresses")]
    [InlineData("[::]", "10.0.0.1:7100", "means all addresses")]
    [InlineData("::ffff:0.0.0.0", "", "means all addresses")]
    [InlineData("127.0.0.1", "", null)]
    [InlineData("127.0.0.1", "127.0.0.1:7100 localhost:7101 [::1]:7102", null)]
    [InlineData("127.0.0.1", "127.0.0.1:7100 10.0.0.2:7100", "is reached only from this machine, and the seed 10.0.0.2:7100 is another one")]
    [InlineData("localhost", "10.0.0.2:7100", "is reached only from this machine")]
    [InlineData("10.0.0.1", "10.0.0.2:7100 node-3:7100", null)]
    [InlineData("10.0.0.1", "127.0.0.1:7100", "is this machine's for others, and the seed 127.0.0.1:7100 is reached only from its own machine")]
    [InlineData("10.0.0.1", "0.0.0.0:7100", "cannot work with the seed 0.0.0.0:7100")]
    [InlineData("node-1", "127.0.0.1:7100", null)] // A name may lead anywhere.
    [InlineData("127.0.0.1", "node-2:7100", null)]
    public void A_host_that_others_cannot_reach_is_refused_with_the_reason(string host, string seeds, string? reason)
    {
        var refused = HostReach.WhyNot(host, seeds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(NodeAddress.Parse));
        if (reason is null) Assert.Null(refused);
        else Assert.Contains(reason, refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.5", true)]
    [InlineData("10.0.0.1", "10.0.0.2", true)]
    [InlineData("10.0.0.1", "127.0.0.1", false)]
    [InlineData("[::1]", "10.0.0.1", false)]
    [InlineData("10.0.0.1", "0.0.0.0", false)]
    [InlineData("node-1", "127.0.0.1", true)]
    public void Nodes_gossip_only_if_each_can_reach_the_other(string here, string there, bool isMutual) => Assert.Equal(isMutual, HostReach.IsMutual(here, there));
}
