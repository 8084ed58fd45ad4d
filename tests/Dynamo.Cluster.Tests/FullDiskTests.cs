using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;

namespace Dynamo.Cluster.Tests;

/// <summary>The built program, with a file size limit set by the system: its files cannot grow, as on a full disk.</summary>
[Collection(Crowd.Clusters)]
public sealed class FullDiskTests : IDisposable
{
    private const int MaxFileBytes = 4 << 20;
    private readonly HostProcess _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task On_a_full_disk_puts_fail_with_the_reason_and_gets_go_on_until_there_is_room_again()
    {
        if (!OperatingSystem.IsLinux()) return;
        await _host.StartAsync();
        _host.LimitFiles(MaxFileBytes);
        await using var dynamo = await _host.ConnectAsync();

        // Far more than the limit in total, but each value replaces the one before: the write-ahead log is emptied in time.
        var context = DynamoContext.None;
        for (var i = 0; i < 100; i++) context = (await dynamo.PutAsync("over and over", Value(i), context)).Context;

        var stored = 0;
        var failed = await Assert.ThrowsAsync<DynamoUnavailableException>(async () =>
        {
            for (; stored < 100; stored++) await dynamo.PutAsync($"key-{stored}", Value(stored), DynamoContext.None);
        });
        Assert.Contains("node n1 could not store the write", failed.Message, StringComparison.Ordinal);
        Assert.Contains(_host.Store, failed.Message, StringComparison.Ordinal);
        Assert.Contains("is its disk, a quota, or a limit of file sizes full?", failed.Message, StringComparison.Ordinal);
        Assert.InRange(stored, 1, 50);
        await AssertHeldAsync(dynamo, stored);
        await using var admin = DynamoAdmin.Open();
        Assert.Contains("is its disk, a quota, or a limit of file sizes full?", (await StatusAsync(admin)).StoreFailure, StringComparison.Ordinal);
        for (var i = 0; i < 20; i++) await Assert.ThrowsAsync<DynamoUnavailableException>(() => dynamo.PutAsync($"key-{stored}", Value(stored), DynamoContext.None));
        await _host.AwaitLineAsync("writes were not stored: ");

        _host.LimitFiles(null);
        await dynamo.PutAsync($"key-{stored}", Value(stored), DynamoContext.None);
        Assert.Equal("", (await StatusAsync(admin)).StoreFailure);
        await _host.AwaitLineAsync("writes are stored again");
        var log = (await _host.KilledAsync()).Output.Split('\n');
        Assert.Single(log, line => line.Contains("writes were not stored: ", StringComparison.Ordinal));
        Assert.DoesNotContain(log, line => line.StartsWith("   at ", StringComparison.Ordinal));
        await _host.StartAsync();
        await using var again = await _host.ConnectAsync();
        await AssertHeldAsync(again, stored + 1);
        Assert.Equal(Value(99), (await again.GetAsync("over and over")).Values.Single().ToArray());
    }

    private Task<NodeStatus> StatusAsync(DynamoAdmin admin) => admin.StatusAsync(NodeAddress.Parse(_host.Address), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task While_one_node_s_disk_is_full_every_put_is_taken_by_other_replicas()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var cli = new Cli();
        var up = await cli.RunIgnoringFileLimitAsync("up", "--nodes", "3", "--detach", "--port", Cli.FreePorts(3).ToString());
        Assert.True(up.Status == 0, up.Errors);
        HostProcess.LimitFiles(cli.Processes()[0], MaxFileBytes);
        await using var dynamo = await DynamoClient.ConnectAsync([.. (await cli.AddressesAsync())]);
        var refused = 0;
        for (var i = 0; i < 150; i++)
        {
            var put = await dynamo.PutAsync($"key-{i}", Value(i), DynamoContext.None);
            if (put.Took.All(t => t.Node.Name != "n1")) refused++;
        }
        Assert.InRange(refused, 50, 150);
    }

    private static async Task AssertHeldAsync(DynamoClient dynamo, int keys)
    {
        for (var i = 0; i < keys; i++) Assert.Equal(Value(i), (await dynamo.GetAsync($"key-{i}")).Values.Single().ToArray());
        Assert.False((await dynamo.GetAsync($"key-{keys}")).IsFound);
    }

    private static byte[] Value(int i)
    {
        var value = new byte[100_000];
        new Random(i).NextBytes(value);
        return value;
    }
}
