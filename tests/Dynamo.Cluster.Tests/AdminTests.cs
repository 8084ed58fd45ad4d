using System.Diagnostics;
using System.Text.Json;

namespace Dynamo.Cluster.Tests;

/// <summary>`dynamo admin` against a running cluster: its output in both forms, and what it refuses.</summary>
[Collection(Crowd.Clusters)]
public sealed class AdminTests(AdminTests.ThreeNodes cluster) : IClassFixture<AdminTests.ThreeNodes>
{
    private readonly Cli _dynamo = cluster.Dynamo;

    /// <summary>One cluster for all tests of the class: none of them changes its members.</summary>
    public sealed class ThreeNodes : IAsyncLifetime
    {
        public Cli Dynamo { get; } = new();

        public async Task InitializeAsync()
        {
            var up = await Dynamo.RunAsync("up", "--nodes", "3", "--detach", "--port", Cli.FreePorts(3).ToString());
            Assert.True(up.Status == 0, up.Errors);
        }

        public Task DisposeAsync()
        {
            Dynamo.Dispose();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Status_shows_every_node_as_the_others_see_it()
    {
        var table = await DoneAsync("admin", "status");
        foreach (var word in (string[])["ring epoch 1", "n1", "n2", "n3", "by all", "33.3 %", "uptime", "sqlite"]) Assert.Contains(word, table);

        using var json = JsonDocument.Parse(await DoneAsync("admin", "status", "n2", "--json"));
        var node = Assert.Single(json.RootElement.GetProperty("nodes").EnumerateArray());
        Assert.Equal("n2", node.GetProperty("node").GetString());
        Assert.True(node.GetProperty("answers").GetBoolean());
        Assert.Equal(256, node.GetProperty("partitions").GetInt32());
        Assert.True(node.GetProperty("uptimeMs").GetInt64() > 0);
    }

    [Fact]
    public async Task A_watched_status_is_printed_again_and_again()
    {
        var lines = await _dynamo.LinesAsync(2, "admin", "status", "--json", "--watch", "50ms");
        Assert.Equal(2, lines.Count);
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal(3, json.RootElement.GetProperty("nodes").GetArrayLength());
        }
    }

    [Fact]
    public async Task A_watched_status_ends_quietly_when_nobody_reads_on()
    {
        Assert.Equal(0, await _dynamo.HeadAsync(1, "admin", "status", "--json", "--watch", "50ms"));
        Assert.Equal(0, await _dynamo.HeadAsync(1, "admin", "status", "--watch", "50ms"));
    }

    [Fact]
    public async Task A_flag_leaves_the_next_word_alone()
    {
        await DoneAsync("put", "--json", "flag", "--blind", "true");
        Assert.Equal("true", JsonDocument.Parse(await DoneAsync("get", "--json", "flag")).RootElement.GetProperty("values")[0].GetString());
        AssertRefused(await _dynamo.RunAsync("admin", "commit", "--json", "false"), 2, "");
    }

    [Fact]
    public async Task Nodes_that_are_all_down_cost_one_timeout_in_all()
    {
        var clock = Stopwatch.StartNew();
        string[] contacts = [.. Enumerable.Range(1, 6).SelectMany(port => new[] { "--contact", $"127.0.0.1:{port}" })];
        AssertRefused(await _dynamo.RunAsync(["admin", "status", "--timeout", "6s", .. contacts]), 3, "no node answered at 127.0.0.1:1, 127.0.0.1:2, ");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Ping_says_the_round_trip_of_each_node()
    {
        using var json = JsonDocument.Parse(await DoneAsync("admin", "ping", "--json"));
        var nodes = json.RootElement.GetProperty("nodes").EnumerateArray().ToArray();
        Assert.Equal(["n1", "n2", "n3"], nodes.Select(n => n.GetProperty("node").GetString()!).Order());
        Assert.All(nodes, n => Assert.True(n.GetProperty("ms").GetDouble() > 0));
        Assert.Contains(" ms", await DoneAsync("admin", "ping", "n1"));
    }

    [Fact]
    public async Task Ring_shows_the_owners_of_each_partition()
    {
        using var json = JsonDocument.Parse(await DoneAsync("admin", "ring", "--json"));
        Assert.True(json.RootElement.GetProperty("settled").GetBoolean());
        var table = json.RootElement.GetProperty("table").EnumerateArray().ToArray();
        Assert.Equal(256, table.Length);
        Assert.All(table, p => Assert.Equal(3, p.GetProperty("owners").EnumerateArray().Select(o => o.GetString()).Distinct().Count()));
        Assert.Contains("256 partitions shown, 0 still to move, 0 at risk", await DoneAsync("admin", "ring"));
    }

    [Fact]
    public async Task A_bucket_is_shown_and_set()
    {
        Assert.Contains("(the defaults)", await DoneAsync("admin", "bucket", "carts"));
        using var json = JsonDocument.Parse(await DoneAsync("admin", "bucket", "carts", "--w", "1", "--json"));
        Assert.Equal(1, json.RootElement.GetProperty("w").GetInt32());
        Assert.Equal(1, json.RootElement.GetProperty("version").GetInt64());
        AssertRefused(await _dynamo.RunAsync("admin", "bucket", "carts", "--r", "9"), 2, "9");
    }

    [Fact]
    public async Task No_hints_and_no_differences_are_reported()
    {
        await DoneAsync("put", "k", "v");
        Assert.Equal("0 hints in all\n", await DoneAsync("admin", "hints"));
        Assert.Contains("0 differ", await DoneAsync("admin", "verify"));
    }

    [Fact]
    public async Task Staged_changes_are_shown_planned_and_cleared()
    {
        Assert.Contains("staged: n3 leaves", await DoneAsync("admin", "leave", "n3"));
        Assert.Contains("staged: n3 leaves", await DoneAsync("admin", "status"));
        using var plan = JsonDocument.Parse(await DoneAsync("admin", "plan", "--json"));
        Assert.Equal(0, plan.RootElement.GetProperty("moves").GetInt32());
        Assert.Equal(256, plan.RootElement.GetProperty("risks").GetArrayLength());
        Assert.Contains("at risk afterwards", await DoneAsync("admin", "plan"));
        Assert.Contains("taken back: n3 leaves", await DoneAsync("admin", "clear"));
        AssertRefused(await _dynamo.RunAsync("admin", "commit"), 2, "nothing is staged");
        Assert.Contains("0 of 256 partitions still to move", await DoneAsync("admin", "transfers"));
    }

    [Theory]
    [InlineData(2, "there are ping, status, ring", "admin", "frob")]
    [InlineData(2, "no node 'n9': there are n1, n2, n3", "admin", "status", "n9")]
    [InlineData(2, "no node 'n9': there are n1, n2, n3", "admin", "ring", "n9")]
    [InlineData(2, "no node 'n9': there are n1, n2, n3", "admin", "leave", "n9")]
    [InlineData(2, "no node 'n9': there are n1, n2, n3", "admin", "replace", "n1", "n9")]
    [InlineData(2, "no node 'n9': there are n1, n2, n3", "admin", "drain", "n9")]
    [InlineData(2, "'nowhere' is not an address", "admin", "join", "nowhere")]
    [InlineData(2, "n2 is alive", "admin", "force-remove", "n2")]
    [InlineData(2, "--watch soon is not a duration", "admin", "status", "--watch", "soon")]
    [InlineData(3, "no node answered at 127.0.0.1:1", "admin", "status", "--contact", "127.0.0.1:1", "--timeout", "1s")]
    public async Task Wrong_use_is_answered_with_the_choices(int status, string said, params string[] arguments) =>
        AssertRefused(await _dynamo.RunAsync(arguments), status, said);

    private static void AssertRefused(Outcome outcome, int status, string said)
    {
        Assert.Equal(status, outcome.Status);
        Assert.Contains(said, outcome.Errors);
        Assert.Single(outcome.Errors.Trim().Split('\n'));
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var outcome = await _dynamo.RunAsync(arguments);
        Assert.True(outcome.Status == 0, $"dynamo {string.Join(' ', arguments)}: {outcome.Status}, {outcome.Errors}");
        return outcome.Output;
    }
}
