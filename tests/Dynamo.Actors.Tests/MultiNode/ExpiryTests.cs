using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Values of limited life over whole nodes.</summary>
public sealed class ExpiryTests : MultiNodeTest
{
    private const string Quick = """
        dynamo.tombstones { interval = 100ms, grace = 5s }
        dynamo.clock.max-skew = 20ms
        """;

    [Fact]
    public async Task An_expired_value_is_gone_gives_its_space_back_and_leaves_nothing_in_the_end()
    {
        await using var nodes = new NodesInProcess(3, hocon: Quick);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var second = TimeSpan.FromSeconds(1);
        await dynamo.PutAsync("brief", new byte[1000], DynamoContext.None, new RequestSettings(W: 3, Ttl: second));
        await dynamo.PutAsync("kept", "v"u8.ToArray(), DynamoContext.None, new RequestSettings(W: 3));
        await AwaitAssertAsync(async () => Assert.False((await dynamo.GetAsync("brief")).IsFound), Limit, Given.Often);
        Assert.False((await dynamo.GetAsync("brief")).Context.IsNone);
        await AwaitAssertAsync(() => Assert.All(nodes.Names, n => Assert.InRange(nodes.EngineOf(n).Figures.Bytes, 1, 100)), Limit, Given.Often);
        await AwaitAssertAsync(() => Assert.All(nodes.Names, n => Assert.Equal(1, nodes.EngineOf(n).Figures.Keys)), Limit, Given.Often);
        Assert.True((await dynamo.GetAsync("kept")).IsFound);
    }

    [Fact]
    public async Task A_bucket_says_how_long_values_live_and_a_put_may_say_otherwise()
    {
        await using var nodes = new NodesInProcess(3, hocon: Quick);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        await using var admin = DynamoAdmin.Open();
        foreach (var node in nodes.Names)
            await admin.SetBucketAsync(nodes.AddressOf(node), "sessions", BucketOptions.Default with { TtlMs = 1000 }, Given.Long);
        await dynamo.PutAsync(new DynamoKey("brief", "sessions"), "v"u8.ToArray(), DynamoContext.None);
        await dynamo.PutAsync(new DynamoKey("kept", "sessions"), "v"u8.ToArray(), DynamoContext.None, new RequestSettings(Ttl: TimeSpan.Zero));
        await AwaitAssertAsync(async () => Assert.False((await dynamo.GetAsync(new DynamoKey("brief", "sessions"))).IsFound), Limit, Given.Often);
        Assert.True((await dynamo.GetAsync(new DynamoKey("kept", "sessions"))).IsFound);
    }

    [Fact]
    public async Task An_expired_value_does_not_come_back_with_a_node_that_was_away()
    {
        await using var nodes = new NodesInProcess(3, hocon: Quick);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var key = new RecordKey(StorageKey.Of("brief"));
        await dynamo.PutAsync("brief", "v"u8.ToArray(), DynamoContext.None, new RequestSettings(W: 3, Ttl: TimeSpan.FromSeconds(2)));
        var away = nodes.Names.Last();
        await nodes.StopAsync(away);
        await AwaitAssertAsync(
            () => Assert.All(nodes.Names.Where(n => n != away), n => Assert.True(nodes.EngineOf(n).Read(key).Versions is { IsEmpty: false, IsDeleted: true })), Limit, Given.Often);
        Assert.False(nodes.EngineOf(away).Read(key).Versions.IsDeleted);
        nodes.Start(away);
        await AwaitAssertAsync(() => Assert.All(nodes.Names, n => Assert.True(nodes.EngineOf(n).Read(key).Versions.IsEmpty)), Limit, Given.Often);
        Assert.False((await dynamo.GetAsync("brief", new RequestSettings(R: 3))).IsFound);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-1)]
    [InlineData(1e10)]
    public async Task An_impossible_life_is_refused_before_anything_is_sent(double seconds)
    {
        await using var dynamo = DynamoClient.Create(new DynamoClientOptions { Contacts = [new("127.0.0.1", 1)] });
        var refused = await Assert.ThrowsAsync<DynamoBadRequestException>(
            () => dynamo.PutAsync("key", "v"u8.ToArray(), DynamoContext.None, new RequestSettings(Ttl: TimeSpan.FromSeconds(seconds))));
        Assert.EndsWith("ms is not from 1 s to 100 years (0: values do not expire)", refused.Message);
    }
}
