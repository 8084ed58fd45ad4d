using System.Text.Json.Serialization;
using Dynamo.Client;
using Dynamo.Client.Typed;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Typed buckets over whole nodes.</summary>
public sealed class TypedBucketTests : MultiNodeTest
{
    [Fact]
    public async Task Concurrent_updates_of_one_key_are_all_in_it_and_make_no_siblings()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => nodes.ConnectAsync()));
        await Task.WhenAll(clients.Select((client, writer) => Task.Run(async () =>
        {
            var carts = Carts(client);
            for (var i = 0; i < 10; i++)
            {
                var item = $"{writer}-{i}";
                await carts.UpdateAsync("cart", cart => new Cart([.. cart?.Items ?? [], item]), maxTries: 200);
            }
        })));
        var cart = await Carts(clients[0]).GetAsync("cart");
        Assert.Equal(1, cart.Siblings);
        Assert.Equal(40, cart.Value!.Items.Distinct().Count());
        Assert.Equal(40, cart.Value.Items.Count);
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task Siblings_are_resolved_on_reading_and_replaced_by_the_next_put()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var carts = Carts(dynamo);
        await carts.PutAsync("cart", new Cart(["apple"]), DynamoContext.None);
        await carts.PutAsync("cart", new Cart(["pear"]), DynamoContext.None);
        var read = await carts.GetAsync("cart");
        Assert.Equal((2, "apple pear"), (read.Siblings, string.Join(' ', read.Value!.Items.Order())));
        await carts.PutAsync("cart", read.Value, read.Context);
        Assert.Equal(1, (await carts.GetAsync("cart")).Siblings);

        var strict = dynamo.Bucket("carts", DynamoCodec.Text);
        await strict.PutAsync("text", "a", DynamoContext.None);
        await strict.PutAsync("text", "b", DynamoContext.None);
        Assert.Equal(2, (await Assert.ThrowsAsync<DynamoConflictException>(() => strict.GetAsync("text"))).Siblings);
        await Assert.ThrowsAsync<FormatException>(() => Carts(dynamo).GetAsync("text"));
        Assert.False((await carts.GetAsync("nothing")).IsFound);
        Assert.Equal(["cart", "text"], (await carts.ListAsync().ToArrayAsync()).Order());
    }

    [Fact]
    public async Task Many_keys_are_written_and_read_and_a_key_that_fails_does_not_end_the_others()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var bucket = dynamo.Bucket("many", DynamoCodec.Bytes);
        var values = Enumerable.Range(0, 300).Select(i => KeyValuePair.Create($"key-{i}", new byte[i == 7 ? 2 << 20 : 10])).ToArray();
        var put = await bucket.PutManyAsync(values).ToArrayAsync();
        Assert.Equal(300, put.Length);
        Assert.IsType<DynamoBadRequestException>(Assert.Single(put, p => p.Error is not null).Error);
        var got = await bucket.GetManyAsync(values.Select(v => v.Key)).ToArrayAsync();
        Assert.Equal("key-7", Assert.Single(got, g => !g.Result!.IsFound).Key);

        // A reader that stops ends the requests.
        await foreach (var one in bucket.GetManyAsync(values.Select(v => v.Key)))
        {
            Assert.Null(one.Error);
            break;
        }
    }

    private static DynamoBucket<Cart> Carts(DynamoClient client) => client.Bucket(
        "carts", DynamoCodec.Json(CartJson.Default.Cart), ConflictResolver.Of<Cart>(siblings => new Cart([.. siblings.SelectMany(s => s.Items).Distinct()])));
}

internal sealed record Cart(IReadOnlyList<string> Items);

[JsonSerializable(typeof(Cart))]
internal sealed partial class CartJson : JsonSerializerContext;
