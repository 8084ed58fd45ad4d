using System.Text.Json;

namespace Dynamo.Cluster.Tests;

/// <summary>Nodes that must not work together, or not as they are set: found at the first gossip and named to the operator. The built programs.</summary>
[Collection(Crowd.Nodes)]
public sealed class FirstGossipTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly Cli _dynamo = new();
    private readonly HostProcess _first = new();
    private readonly HostProcess _second = new();
    private readonly HostProcess _third = new();

    public void Dispose()
    {
        foreach (var host in (HostProcess[])[_first, _second, _third]) host.Dispose();
        _dynamo.Dispose();
    }

    // ---- settings that must agree

    [Theory]
    [InlineData("dynamo.cluster.secret", "first-secret", "second-secret", "its secret is not this node's (dynamo.cluster.secret)")]
    [InlineData("dynamo.ring.partitions", "256", "64", "dynamo.ring.partitions is 256 on n1 and 64 on n2")]
    [InlineData("dynamo.bucket.n", "1", "2", "dynamo.bucket.n is 1 on n1 and 2 on n2")]
    [InlineData("dynamo.bucket.conflicts", "siblings", "last-write-wins", "dynamo.bucket.conflicts is siblings on n1 and last-write-wins on n2")]
    public async Task A_node_with_another_setting_is_refused_and_logs_status_and_join_name_it(string key, string here, string there, string said)
    {
        await _first.StartAsync($"dynamo.cluster.founders = [n1]\n{key} = {here}");
        await _second.StartAsync($"dynamo.node.name = n2\n{Joins(_first)}\n{key} = {there}");
        var join = await _dynamo.RunAsync("admin", "join", _second.Address, "--contact", _first.Address);
        Assert.Equal(2, join.Status);
        Assert.Contains(key, Assert.Single(join.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        await WarnedAsync(_first, said);
        await WarnedAsync(_second, key);
        Assert.Equal(["n1"], await MembersAsync(_first));

        var (first, second) = (await _first.KilledAsync(), await _second.KilledAsync());
        Assert.Contains($"refused gossip from node n2 at {_second.Address}: {said}", first.Output, StringComparison.Ordinal);
        Assert.Contains("refuses to gossip with this one: ", second.Output, StringComparison.Ordinal);
        Assert.Contains(key, second.Output, StringComparison.Ordinal);
        if (key.EndsWith("secret", StringComparison.Ordinal)) Assert.DoesNotContain("-secret", first.Output + second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dynamo.limits.value-bytes", "1048576", "2097152")]
    [InlineData("dynamo.tombstones.grace", "60s", "120s")]
    public async Task A_setting_that_is_changed_node_by_node_is_warned_of_and_the_nodes_go_on(string key, string here, string there)
    {
        await _first.StartAsync("dynamo.cluster.founders = [n1]");
        await _second.StartAsync($"dynamo.node.name = n2\n{Joins(_first)}\n{key} = {there}");
        var join = await _dynamo.RunAsync("admin", "join", _second.Address, "--contact", _first.Address);
        Assert.True(join.Status == 0, join.Errors);
        await WarnedAsync(_first, $"{key} is {here} on n1 and {there} on n2: give all nodes the same");
        Assert.Contains($"warning: {key} is", (await _dynamo.RunAsync("admin", "status", "--contact", _first.Address)).Output, StringComparison.Ordinal);
        _second.Kill();
        await _second.StartAsync($"dynamo.node.name = n2\n{Joins(_first)}");
        await UntilAsync(async () => (await WarningsAsync(_first)).Length == 0);
    }

    // ---- one name, two nodes

    [Fact]
    public async Task A_second_node_with_a_name_ends_with_one_line_and_both_members_name_the_conflict()
    {
        await StartPairAsync();
        await _third.StartAsync(Pair);
        await AssertYieldsAsync(_third);
        foreach (var member in (HostProcess[])[_first, _second])
            await WarnedAsync(member, $"two live nodes are named n1: the one at {_first.Address} stays, the one at {_third.Address} is refused");
        Assert.Equal(_first.Address, await AddressOfFirstAsync());
        Assert.Contains("two live nodes are named n1", (await _second.KilledAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_a_running_nodes_data_folder_ends_and_can_do_so_again()
    {
        await StartPairAsync();
        _first.Kill();
        CopyData(_first, _third);
        await _first.StartAsync(Pair);
        for (var i = 0; i < 2; i++)
        {
            await _third.StartAsync(Pair);
            await AssertYieldsAsync(_third);
        }
        Assert.Equal(_first.Address, await AddressOfFirstAsync());
    }

    [Fact]
    public async Task A_node_that_crashed_goes_on_at_another_address_and_its_former_self_ends_when_it_comes_back()
    {
        await StartPairAsync();
        _first.Kill();
        CopyData(_first, _third);
        await _third.StartAsync(Pair);
        await UntilAsync(async () => await AddressOfFirstAsync() == _third.Address);
        // The machine with the former one is back.
        await _first.StartAsync(Pair);
        var outcome = await _first.EndAsync();
        Assert.Equal(3, outcome.Status);
        Assert.Contains($"a live node at {_third.Address} has its name", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(_third.Address, await AddressOfFirstAsync());
    }

    private string Pair => $"dynamo.cluster {{ founders = [n1, n2], seeds = [\"{_first.Address}\", \"{_second.Address}\"] }}";

    private static string Joins(HostProcess cluster) => $"dynamo.cluster {{ founders = [n1], seeds = [\"{cluster.Address}\"] }}";

    private static void CopyData(HostProcess from, HostProcess to)
    {
        Directory.CreateDirectory(to.DataDir);
        foreach (var file in Directory.GetFiles(from.DataDir)) File.Copy(file, Path.Combine(to.DataDir, Path.GetFileName(file)));
    }

    private async Task StartPairAsync()
    {
        await _first.StartAsync(Pair);
        await _second.StartAsync($"dynamo.node.name = n2\n{Pair}");
        await UntilAsync(async () => (await MembersAsync(_second)).Length == 2);
    }

    private async Task AssertYieldsAsync(HostProcess host)
    {
        var outcome = await host.EndAsync();
        Assert.Equal(3, outcome.Status);
        var line = Assert.Single(outcome.Errors.Trim().Split('\n'));
        Assert.StartsWith($"dynamo-host: node n1 ended: a live node at {_first.Address} has its name in cluster dynamo (dynamo.node.name).", line, StringComparison.Ordinal);
    }

    private async Task<string?> AddressOfFirstAsync() =>
        (await NodesAsync(_second)).First(n => n.GetProperty("node").GetString() == "n1").GetProperty("address").GetString();

    private async Task<string[]> MembersAsync(HostProcess contact) => [.. (await NodesAsync(contact)).Select(n => n.GetProperty("node").GetString()!)];

    private Task WarnedAsync(HostProcess node, string text) => UntilAsync(async () => (await WarningsAsync(node)).Any(w => w.Contains(text, StringComparison.Ordinal)));

    /// <summary>The warnings of the node itself, not of the other members.</summary>
    private async Task<string[]> WarningsAsync(HostProcess node) =>
        [.. (await NodesAsync(node)).Where(n => n.GetProperty("address").GetString() == node.Address && n.TryGetProperty("warnings", out _))
            .SelectMany(n => n.GetProperty("warnings").EnumerateArray()).Select(w => w.GetString()!)];

    private async Task<JsonElement[]> NodesAsync(HostProcess contact)
    {
        var status = await _dynamo.RunAsync("admin", "status", "--json", "--contact", contact.Address);
        return status.Status == 0 ? [.. JsonDocument.Parse(status.Output).RootElement.GetProperty("nodes").EnumerateArray()] : [];
    }

    private static Task UntilAsync(Func<Task<bool>> holds) => Waiting.UntilAsync(holds, Limit);
}
