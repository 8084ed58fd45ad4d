using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Dynamo.Cluster.Tests;

/// <summary>The built programs, as their user runs them: real processes and real kills.</summary>
[Collection(Crowd.Clusters)]
public sealed class ClusterTests : IDisposable
{
    private readonly Cli _dynamo = new();

    public void Dispose() => _dynamo.Dispose();

    [Fact]
    public async Task A_cluster_keeps_acknowledged_writes_through_a_kill_of_one_node_and_of_all()
    {
        var up = await _dynamo.RunAsync("up", "--nodes", "5", "--detach", "--port", Cli.FreePorts(5).ToString());
        Assert.True(up.Status == 0, up.Errors);
        Assert.Contains("n5", up.Output);

        await DoneAsync("put", "cart:1", "apple");
        await DoneAsync("put", "cart:1", "pear", "--blind");
        using (var got = JsonDocument.Parse((await DoneAsync("get", "cart:1", "--json")).Output))
        {
            Assert.Equal(2, got.RootElement.GetProperty("siblings").GetInt32());
            await DoneAsync("put", "cart:1", "both", "--context", got.RootElement.GetProperty("context").GetString()!);
        }
        Assert.Equal("both\n", (await DoneAsync("get", "cart:1")).Output);

        var second = await _dynamo.RunAsync("up", "--detach");
        AssertRefused(second, 2, "is running");

        Cli.Kill(_dynamo.Processes()[2]);
        for (var i = 0; i < 5; i++) await EventuallyAsync("put", $"after:{i}", "x");
        await DoneAsync("delete", "cart:1");

        foreach (var process in _dynamo.Processes()) Cli.Kill(process);
        var again = await _dynamo.RunAsync("up", "--detach");
        Assert.True(again.Status == 0, again.Errors);
        for (var i = 0; i < 5; i++) Assert.Equal("x\n", (await DoneAsync("get", $"after:{i}")).Output);
        AssertRefused(await _dynamo.RunAsync("get", "cart:1"), 1, "not found");

        var down = await DoneAsync("down");
        Assert.Contains("Stopped 5 nodes", down.Output);
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_nothing_is_left_running()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        AssertRefused(await _dynamo.RunAsync("up", "--nodes", "1", "--detach", "--port", port.ToString()), 3, $"port {port}");
        Assert.Empty(_dynamo.Processes());
    }

    [Theory]
    [InlineData(2, "not a command", "frob")]
    [InlineData(2, "--nodes 99 is not from 1 to 50", "up", "--nodes", "99")]
    [InlineData(2, "there is no cluster", "get", "k")]
    [InlineData(2, "is not an address", "get", "k", "--contact", "nowhere")]
    [InlineData(2, "is not a duration", "get", "k", "--timeout", "soon")]
    [InlineData(2, "one value is wanted", "put", "k")]
    [InlineData(2, "there is no cluster", "put", "@k", "@v")]
    [InlineData(2, "'abc'", "put", "k", "v", "--w", "abc")]
    [InlineData(2, "--dir is empty", "up", "--dir", "")]
    [InlineData(2, "--start 0 is not from 1 to 50", "bench", "put", "--start", "0")]
    public async Task Wrong_use_is_answered_with_one_line_that_names_it(int status, string said, params string[] arguments) =>
        AssertRefused(await _dynamo.RunAsync(arguments), status, said);

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"name":"c","engine":"sqlite","nodes":[]}""")]
    [InlineData("""{"name":"c","engine":"sqlite","nodes":[{"name":"n1","address":"zzz","processId":0,"startedAt":0}]}""")]
    public async Task A_damaged_list_of_nodes_is_named_and_stays_as_it_is(string damaged)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_dynamo.Folder, ".dynamo")).FullName, "cluster.json");
        await File.WriteAllTextAsync(file, damaged);
        foreach (var command in new[] { "up", "get k", "down" }) AssertRefused(await _dynamo.RunAsync(command.Split(' ')), 3, "is damaged");
        Assert.Equal(damaged, await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task Concurrent_starts_in_one_folder_do_not_interfere()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_dynamo.Folder, ".dynamo")).FullName;
        await using (new FileStream(Path.Combine(folder, "cluster.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            AssertRefused(await _dynamo.RunAsync("up", "--nodes", "1", "--detach"), 3, "another 'dynamo up'");
        Assert.Empty(_dynamo.Processes());
    }

    private static void AssertRefused(Outcome outcome, int status, string said)
    {
        Assert.Equal(status, outcome.Status);
        Assert.Contains(said, outcome.Errors);
        Assert.Single(outcome.Errors.Trim().Split('\n'));
    }

    private async Task<Outcome> DoneAsync(params string[] arguments)
    {
        var outcome = await _dynamo.RunAsync(arguments);
        Assert.True(outcome.Status == 0, $"dynamo {string.Join(' ', arguments)}: {outcome.Status}, {outcome.Errors}");
        return outcome;
    }

    // A put that is in flight to a node when it dies may fail once; the user then retries it.
    private async Task EventuallyAsync(params string[] arguments)
    {
        for (var attempt = 1; attempt < 4; attempt++)
            if ((await _dynamo.RunAsync(arguments)).Status == 0) return;
        await DoneAsync(arguments);
    }
}
