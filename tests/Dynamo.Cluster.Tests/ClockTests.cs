using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dynamo.Client;

namespace Dynamo.Cluster.Tests;

/// <summary>Three nodes with a last-write-wins bucket, and the wall clock of one, n3, is an hour ahead: the built programs.</summary>
public sealed class ClockTests : IDisposable
{
    // A third of them has n3 first in its walk, so n3 coordinates their puts: that there is none has a chance of 10^-7.
    private const int Keys = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly Cli _dynamo = new();
    private readonly HostProcess[] _nodes = [new(), new(), new()];

    private HostProcess Ahead => _nodes[2];

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        _dynamo.Dispose();
    }

    [ClockAheadFact]
    public async Task A_blind_put_replaces_what_the_node_that_is_ahead_stamped_before()
    {
        await StartAsync();
        await using var dynamo = await Cli.ConnectAsync(_nodes.Select(n => n.Address));
        await PutAllAsync(dynamo, "old", w: 3);
        Ahead.Kill();
        await PutAllAsync(dynamo, "new", w: 2);
        await AssertAllAreNewAsync(dynamo);
        await Ahead.StartAsync(Conf(2));
        await UntilAsync(async () => (await _dynamo.RunAsync("admin", "verify", "--contact", Ahead.Address)).Status == 0);
        await AssertAllAreNewAsync(dynamo);
    }

    [ClockAheadFact]
    public async Task The_clock_is_named_in_the_log_of_every_node_and_in_the_status()
    {
        await StartAsync();
        await UntilAsync(async () => (await NodesAsync()) is { Length: 3 } all && all.All(n => IsOff(n) == (n.GetProperty("node").GetString() == "n3")));
        // A node that knows only one other one takes the time halfway between the two. On a busy machine a message is seconds under way.
        await UntilAsync(async () => Regex.IsMatch(
            (await _dynamo.RunAsync("admin", "status", "--contact", _nodes[0].Address)).Output,
            @"clock off.*its clock is 3(59|60)\d\.\d{3} s ahead of the median of the nodes' clocks", RegexOptions.Singleline));
        foreach (var node in _nodes)
            await node.AwaitLineAsync(node == Ahead ? "this node's clock is " : "the clock of node n3 is ");
        foreach (var node in _nodes)
            Assert.Matches(@"clock (of node n3 )?is (179|180|359|360)\d{4} ms ahead of the median of the nodes' clocks", (await node.KilledAsync()).Output);
    }

    private async Task StartAsync()
    {
        Ahead.Variables = await ClockAhead.ByAsync(TimeSpan.FromHours(1), Ahead.At(""));
        for (var i = 0; i < _nodes.Length; i++) await _nodes[i].StartAsync(Conf(i));
        await UntilAsync(async () => (await NodesAsync()).Count(n => n.GetProperty("seen").GetString() == "by all") == _nodes.Length);
    }

    private string Conf(int i) => $$"""
        dynamo.node.name = n{{i + 1}}
        dynamo.bucket { n = 3, r = 2, w = 2, conflicts = last-write-wins }
        dynamo.cluster { founders = [n1, n2, n3], seeds = [{{string.Join(", ", _nodes.Select(n => $"\"{n.Address}\""))}}] }
        """;

    private static async Task PutAllAsync(DynamoClient dynamo, string value, int w)
    {
        for (var i = 0; i < Keys; i++) await dynamo.PutAsync($"key-{i}", Encoding.UTF8.GetBytes(value), DynamoContext.None, new RequestSettings(W: w));
    }

    private static async Task AssertAllAreNewAsync(DynamoClient dynamo)
    {
        var held = new List<string>();
        for (var i = 0; i < Keys; i++) held.AddRange((await dynamo.GetAsync($"key-{i}")).Values.Select(v => Encoding.UTF8.GetString(v.Span)));
        Assert.Equal((Keys, 0), (held.Count(v => v == "new"), held.Count(v => v != "new")));
    }

    // A node that does not measure clocks says nothing of its own.
    private static bool IsOff(JsonElement node) => node.TryGetProperty("clockOff", out var off) && off.GetBoolean();

    private async Task<JsonElement[]> NodesAsync()
    {
        var status = await _dynamo.RunAsync("admin", "status", "--json", "--contact", _nodes[0].Address);
        return status.Status == 0 ? [.. JsonDocument.Parse(status.Output).RootElement.GetProperty("nodes").EnumerateArray()] : [];
    }

    private static Task UntilAsync(Func<Task<bool>> holds) => Waiting.UntilAsync(holds, Limit);
}
