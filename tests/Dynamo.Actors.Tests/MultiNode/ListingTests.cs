using System.Text;
using Dynamo.Client;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Listings over whole nodes.</summary>
public sealed class ListingTests : MultiNodeTest
{
    [Fact]
    public async Task A_listing_shows_each_live_key_of_a_bucket_once_also_while_replicas_differ()
    {
        await using var nodes = new NodesInProcess(5);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var keys = Enumerable.Range(0, 300).Select(i => $"{(i % 3 == 0 ? "user" : "item")}-{i}").ToArray();
        await Task.WhenAll(keys.Select(key => dynamo.PutAsync(new DynamoKey(key, "shop"), "v"u8.ToArray(), DynamoContext.None)));
        await dynamo.PutAsync("other", "v"u8.ToArray(), DynamoContext.None);
        await DeleteAsync(dynamo, new DynamoKey("user-0", "shop"));
        await nodes.StopAsync(nodes.Names.First());
        // Only some replicas hear of these.
        await Task.WhenAll(keys.Skip(100).Take(50).Select(key => DeleteAsync(dynamo, new DynamoKey(key, "shop"))));
        await Task.WhenAll(keys.Skip(150).Take(50).Select(key => dynamo.PutAsync(new DynamoKey($"new-{key}", "shop"), "v"u8.ToArray(), DynamoContext.None)));
        var expected = keys.Skip(1).Take(99).Concat(keys.Skip(150)).Concat(keys.Skip(150).Take(50).Select(k => $"new-{k}")).Order().ToArray();

        Assert.Equal(expected, (await TextsAsync(dynamo.ListAsync("shop", settings: new RequestSettings(Timeout: Limit)))).Order());
        Assert.Equal(expected.Where(k => k.StartsWith("user-", StringComparison.Ordinal)), (await TextsAsync(dynamo.ListAsync("shop", "user-"u8.ToArray()))).Order());
        Assert.Equal(["default", "shop"], (await dynamo.ListBucketsAsync().ToArrayAsync()).Order());
        Assert.Empty(await TextsAsync(dynamo.ListAsync("nothing")));
    }

    [Fact]
    public async Task Pages_go_on_at_another_client_and_a_foreign_token_is_refused()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var one = await nodes.ConnectAsync();
        await using var other = await nodes.ConnectAsync();
        var keys = Enumerable.Range(0, 40).Select(i => $"key-{i}").ToArray();
        await Task.WhenAll(keys.Select(key => one.PutAsync(key, "v"u8.ToArray(), DynamoContext.None)));
        var (listed, turn) = (new List<string>(), 0);
        for (string? token = ""; token is not null;)
        {
            var page = await (turn++ % 2 == 0 ? one : other).ListPageAsync("default", default, token, max: 3);
            Assert.InRange(page.Keys.Count, 0, 3);
            listed.AddRange(page.Keys.Select(Text));
            token = page.Next;
        }
        Assert.Equal(keys.Order(), listed.Order());
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => one.ListPageAsync("default", default, "no token"));
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => one.ListPageAsync("default", default, "", max: 0));
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => one.ListPageAsync("default", new byte[5000], ""));
    }

    [Fact]
    public async Task A_listing_with_too_few_replicas_fails_with_their_number()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        foreach (var node in nodes.Names.Take(2).ToArray()) await nodes.StopAsync(node);
        var failed = await Assert.ThrowsAsync<DynamoQuorumException>(
            () => dynamo.ListPageAsync("default", default, "", settings: new RequestSettings(Timeout: TimeSpan.FromSeconds(10))));
        Assert.Equal((2, 1), (failed.Needed, failed.Had));
        Assert.Empty((await dynamo.ListPageAsync("default", default, "", settings: new RequestSettings(R: 1))).Keys);
    }

    private static async Task DeleteAsync(DynamoClient dynamo, DynamoKey key) => await dynamo.DeleteAsync(key, (await dynamo.GetAsync(key)).Context);

    private static async Task<string[]> TextsAsync(IAsyncEnumerable<DynamoKey> keys) => await keys.Select(Text).ToArrayAsync();

    private static string Text(DynamoKey key) => Encoding.UTF8.GetString(key.Bytes.Span);
}
