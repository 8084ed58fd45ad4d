using System.Net;
using System.Net.Sockets;
using Dynamo.Client;

namespace Dynamo.Cluster.Tests;

/// <summary>The address by which a node is known, and what comes to its port: the built program.</summary>
[Collection(Crowd.Nodes)]
public sealed class AddressTests : IDisposable
{
    private readonly HostProcess _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("akka.remote.dot-netty.tcp.hostname = \"0.0.0.0\"", "akka.remote.dot-netty.tcp.hostname = '0.0.0.0' means all addresses of this machine")]
    [InlineData("akka.remote.dot-netty.tcp.hostname = \"::\"", "akka.remote.dot-netty.tcp.hostname = '::' means all addresses")]
    [InlineData("akka.remote.dot-netty.tcp.public-hostname = \"0.0.0.0\"", "akka.remote.dot-netty.tcp.public-hostname = '0.0.0.0' means all addresses")]
    [InlineData("dynamo.cluster.seeds = [\"10.0.0.1:7100\"]", "hostname = '127.0.0.1' is reached only from this machine, and the seed 10.0.0.1:7100 is another one")]
    [InlineData("dynamo.cluster.seeds = [\"zzz\"]", "dynamo.cluster.seeds = ['zzz']: host:port, which 'zzz' is not, is wanted")]
    [InlineData("dynamo.cluster.founders = [n1, \"n 2\"]", "dynamo.cluster.founders = ['n1', 'n 2']")]
    [InlineData("akka.remote.dot-netty.tcp.public-port = x", "akka.remote.dot-netty.tcp.public-port = 'x'")]
    public async Task An_address_that_leads_nowhere_is_refused_at_the_start_in_one_line(string hocon, string said)
    {
        var outcome = await _host.RunAsync(hocon);
        Assert.Equal(2, outcome.Status);
        Assert.Contains(said, Assert.Single(outcome.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_listens_on_all_addresses_is_known_by_its_public_hostname()
    {
        await _host.StartAsync("akka.remote.dot-netty.tcp { hostname = \"0.0.0.0\", public-hostname = \"127.0.0.1\" }");
        await using var dynamo = await _host.ConnectAsync();
        await dynamo.PutAsync("key", "value"u8.ToArray(), DynamoContext.None);
        Assert.True((await dynamo.GetAsync("key")).IsFound);
    }

    /// <summary>As behind the mapped port of a container.</summary>
    [Fact]
    public async Task A_node_behind_another_port_is_known_by_its_public_port()
    {
        using var door = new Door(_host.Address);
        await _host.StartAsync($"akka.remote.dot-netty.tcp.public-port = {door.Port}");
        await using var dynamo = await Cli.ConnectAsync($"127.0.0.1:{door.Port}");
        await dynamo.PutAsync("key", "value"u8.ToArray(), DynamoContext.None);
        Assert.True((await dynamo.GetAsync("key")).IsFound);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "frame")]
    [InlineData("\u0004\0\0\0\0\0\0\0", "Error while decoding incoming Akka PDU of length")]
    public async Task A_connection_that_speaks_something_else_is_logged_in_one_line(string sent, string said)
    {
        await _host.StartAsync();
        using var peer = new TcpClient();
        await peer.ConnectAsync(IPEndPoint.Parse(_host.Address));
        await peer.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(sent));
        // Until the node closes the connection.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            while (await peer.GetStream().ReadAsync(new byte[100], limit.Token) > 0) limit.Token.ThrowIfCancellationRequested();
        }
        catch (IOException)
        {
            // It reset the connection.
        }
        await _host.AwaitLineAsync(said);
        var lines = (await _host.KilledAsync()).Output.Split('\n').SkipWhile(l => !l.Contains(" is up at ", StringComparison.Ordinal)).Skip(1).Where(l => l.Trim().Length > 0).ToArray();
        Assert.Contains(said, Assert.Single(lines), StringComparison.Ordinal);
    }
}
