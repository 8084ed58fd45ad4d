using Akka.Configuration;
using Dynamo.Client;
using Dynamo.Core.Membership;

namespace Dynamo.Cluster.Tests;

/// <summary>The addresses of clients, and those by which they name nodes, against a node in a process of its own.</summary>
[Collection(Crowd.Nodes)]
public sealed class ClientAddressTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly HostProcess _host = new();
    private readonly Cli _dynamo = new();

    private string Port => _host.Address[(_host.Address.LastIndexOf(':') + 1)..];

    public void Dispose()
    {
        _dynamo.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task Clients_that_advertise_one_address_keep_working_in_turn_and_at_once()
    {
        await _host.StartAsync();
        var options = new DynamoClientOptions
        {
            Contacts = [NodeAddress.Parse(_host.Address)],
            Timeout = Limit,
            AkkaConfig = ConfigurationFactory.ParseString("""akka.remote.dot-netty.tcp { public-hostname = "127.0.0.1", public-port = 40404 }"""),
        };
        await using var one = await DynamoClient.ConnectAsync(options);
        await using var two = await DynamoClient.ConnectAsync(options);
        for (var i = 0; i < 10; i++)
        {
            await one.PutAsync($"one-{i}", "1"u8.ToArray(), DynamoContext.None);
            Assert.True((await two.GetAsync($"one-{i}")).IsFound);
        }
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : two).PutAsync($"both-{i}", "2"u8.ToArray(), DynamoContext.None)));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => Assert.True((await (i % 2 == 0 ? two : one).GetAsync($"both-{i}")).IsFound)));
    }

    [Fact]
    public async Task A_node_is_found_by_another_name_of_its_host()
    {
        await _host.StartAsync();
        await DoneAsync("put", "k", "v", "--contact", $"localhost:{Port}");
        Assert.Equal("v\n", await DoneAsync("get", "k", "--contact", $"localhost:{Port}", "--hostname", "my-laptop"));
        Assert.Contains(_host.Address, await DoneAsync("admin", "status", "--contact", $"localhost:{Port}"));
    }

    [Fact]
    public async Task A_hostname_that_is_none_is_named()
    {
        var outcome = await _dynamo.RunAsync("get", "k", "--contact", "127.0.0.1:1", "--hostname", "two words");
        Assert.Equal((2, "dynamo: --hostname two words is no host name or IP address. See 'dynamo get --help'.\n"), (outcome.Status, outcome.Errors));
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var outcome = await _dynamo.RunAsync(arguments);
        Assert.True(outcome.Status == 0, $"dynamo {string.Join(' ', arguments)}: {outcome.Status}, {outcome.Errors}");
        return outcome.Output;
    }
}
