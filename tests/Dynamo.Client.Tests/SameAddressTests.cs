using Akka.Configuration;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

/// <summary>Clients that advertise the same host and port, as they may behind NAT and in containers.</summary>
public sealed class SameAddressTests(Peers peers) : ClientTest(peers)
{
    private static readonly Config Same = ConfigurationFactory.ParseString("""akka.remote.dot-netty.tcp { public-hostname = "10.1.2.3", public-port = 40404 }""");

    [Fact]
    public async Task Clients_of_the_same_address_do_not_cut_each_other_off()
    {
        await using var one = await ConnectAsync(o => o with { AkkaConfig = Same });
        Greet();
        await using var two = await ConnectAsync(o => o with { AkkaConfig = Same });
        Greet();
        for (var round = 0; round < 10; round++)
        {
            await one.GetAsync("cart").WaitAsync(Given.Long);
            await two.GetAsync("cart").WaitAsync(Given.Long);
        }
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : two).GetAsync($"key-{i}"))).WaitAsync(Given.Long);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\"b")]
    public async Task A_hostname_that_is_none_is_refused(string hostname)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => ConnectAloneAsync(o => o with { Hostname = hostname }));
        Assert.Contains($"'{hostname}' is no host name or IP address", refused.Message, StringComparison.Ordinal);
    }
}
