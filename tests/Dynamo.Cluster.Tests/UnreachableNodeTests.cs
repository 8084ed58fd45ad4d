using System.Text.Json;

namespace Dynamo.Cluster.Tests;

/// <summary>A node that dials the members, and that they cannot dial: it is in gossip all the same. The built programs.</summary>
public sealed class UnreachableNodeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly Cli _dynamo = new();
    private readonly HostProcess _member = new();
    private readonly HostProcess _newcomer = new();

    public void Dispose()
    {
        _newcomer.Dispose();
        _member.Dispose();
        _dynamo.Dispose();
    }

    /// <summary>As in a container, or behind NAT: the operator reaches the newcomer from where it runs, and the members do not.</summary>
    [Theory]
    [InlineData("join", "127.0.0.1:port")]
    [InlineData("replace", "n1", "127.0.0.1:port")]
    [InlineData("replace", "n1", "n2")]
    public async Task It_is_refused_and_the_members_that_do_not_reach_it_are_named(string command, params string[] nodes)
    {
        using var door = await StartBehindDoorAsync(handshake => !IsOfMember(handshake));
        var refused = await AdminAsync([command, .. nodes.Select(n => n.Replace("port", $"{door.Port}", StringComparison.Ordinal))]);
        Assert.Equal((2, ""), (refused.Status, refused.Output));
        Assert.StartsWith($"dynamo: node n2 is not reached at 127.0.0.1:{door.Port} from n1: ", Assert.Single(refused.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.InRange(door.Refused, 1, int.MaxValue);
        Assert.Contains("nothing is staged", (await AdminAsync("plan")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_public_port_leads_to_it_joins()
    {
        using var door = await StartBehindDoorAsync(_ => true);
        var joined = await AdminAsync("join", $"127.0.0.1:{door.Port}");
        Assert.True(joined.Status == 0, joined.Errors);
        Assert.Contains("staged: n2 joins", joined.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_not_found_at_the_port_where_it_listens_or_at_one_where_nobody_does()
    {
        var nobody = Cli.FreePorts(1);
        await StartAsync(nobody);
        foreach (var address in (string[])[_newcomer.Address, $"127.0.0.1:{nobody}"])
        {
            var refused = await AdminAsync("join", address, "--timeout", "30s");
            Assert.Equal((3, ""), (refused.Status, refused.Output));
            Assert.Contains(address, Assert.Single(refused.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        }
        Assert.Contains("nothing is staged", (await AdminAsync("plan")).Errors, StringComparison.Ordinal);
    }

    // A member dials under its own port (field 3 of its address, a varint), or under a made-up name to ask who is there.
    private bool IsOfMember(string handshake)
    {
        var port = int.Parse(_member.Address.Split(':')[1]);
        var field = new string([(char)0x18, (char)(0x80 | (port & 0x7F)), (char)(0x80 | ((port >> 7) & 0x7F)), (char)(port >> 14)]);
        return handshake.Contains(field, StringComparison.Ordinal) || handshake.Contains("question-", StringComparison.Ordinal);
    }

    private async Task<Door> StartBehindDoorAsync(Func<string, bool> admits)
    {
        var door = new Door(_newcomer.Address, admits);
        await StartAsync(door.Port);
        return door;
    }

    private async Task StartAsync(int publicPort)
    {
        await _member.StartAsync("dynamo.cluster.founders = [n1]");
        await _newcomer.StartAsync($$"""
            dynamo.node.name = n2
            dynamo.cluster { founders = [n1], seeds = ["{{_member.Address}}"] }
            akka.remote.dot-netty.tcp.public-port = {{publicPort}}
            """);
        using var limit = new CancellationTokenSource(Limit);
        while (!await IsKnownAsync()) limit.Token.ThrowIfCancellationRequested();
    }

    private async Task<bool> IsKnownAsync()
    {
        var status = await AdminAsync("status", "--json", "--timeout", "1s");
        return status.Status == 0 && JsonDocument.Parse(status.Output).RootElement.GetProperty("nodes").GetArrayLength() == 2;
    }

    private Task<Outcome> AdminAsync(params string[] arguments) => _dynamo.RunAsync(["admin", .. arguments, "--contact", _member.Address]);
}
