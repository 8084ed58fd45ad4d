using Dynamo.Client;
using Dynamo.Client.DataTypes;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Data types over whole nodes.</summary>
public sealed class DataTypesTests : MultiNodeTest
{
    // The next update may have another coordinator, and it counts what that one holds.
    private static readonly RequestSettings AtAll = new(W: 3);

    [Fact]
    public async Task Every_type_is_updated_without_reading_and_read_as_one_value()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();

        Assert.Equal(2, (await dynamo.ApplyAsync("likes", DynamoUpdate.Increment(2), AtAll)).Counter);
        Assert.Equal(-1, (await dynamo.ApplyAsync("likes", DynamoUpdate.Increment(-3), AtAll)).Counter);
        Assert.Equal([new CounterData(-1)], (await dynamo.GetAsync("likes")).Data);

        await dynamo.ApplyAsync("tags", DynamoUpdate.Add("b", "a"), AtAll);
        await dynamo.ApplyAsync("tags", DynamoUpdate.Remove("b", "never there"), AtAll);
        Assert.Equal(["a"], ((SetData)(await dynamo.GetAsync("tags")).Data.Single()).Texts);

        await dynamo.ApplyAsync("name", DynamoUpdate.Assign("first"), AtAll);
        await dynamo.ApplyAsync("name", DynamoUpdate.Assign("second"), AtAll);
        Assert.Equal("second", ((RegisterData)(await dynamo.GetAsync("name")).Data.Single()).Text);

        await dynamo.ApplyAsync("open", DynamoUpdate.Switch(true), AtAll);
        Assert.Equal([new FlagData(true)], (await dynamo.GetAsync("open")).Data);

        await dynamo.ApplyAsync("cart", DynamoUpdate.Map(new Dictionary<string, DynamoUpdate>
        {
            ["items"] = DynamoUpdate.Add("apple"),
            ["visits"] = DynamoUpdate.Increment(),
            ["owner"] = DynamoUpdate.Assign("Ada"),
            ["paid"] = DynamoUpdate.Switch(true),
        }), AtAll);
        await dynamo.ApplyAsync("cart", DynamoUpdate.Map([], [new DynamoField("owner", DynamoFieldType.Register)]), AtAll);
        var cart = (MapData)(await dynamo.GetAsync("cart")).Data.Single();
        Assert.Equal(["apple"], cart.Set("items"));
        Assert.Equal(1, cart.Counter("visits"));
        Assert.Null(cart.Register("owner"));
        Assert.True(cart.Flag("paid"));
    }

    [Fact]
    public async Task Increments_of_eight_clients_are_all_counted_once_while_a_node_is_killed_and_comes_back()
    {
        await using var nodes = new NodesInProcess(5);
        await AwaitAgreedAsync(nodes);
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => nodes.ConnectAsync()));
        var key = (DynamoKey)"likes";
        var victim = nodes.Ring.Primaries(nodes.Ring.PartitionOf(StorageKey.Of("likes").Token), 3)[0];
        var (done, half) = (0, new TaskCompletionSource());
        var counting = clients.Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await client.ApplyAsync(key, DynamoUpdate.Increment());
                if (Interlocked.Increment(ref done) == 100) half.SetResult();
            }
        })).ToArray();
        await half.Task;
        await nodes.StopAsync(victim);
        await Task.WhenAll(counting);

        Assert.Equal([new CounterData(200)], (await clients[0].GetAsync(key)).Data);
        nodes.Start(victim);
        await AwaitAssertAsync(() => Assert.Equal(200L, CounterAt(nodes, victim)), Limit);
        Assert.Equal([new CounterData(200)], (await clients[7].GetAsync(key, new RequestSettings(R: 3))).Data);
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task An_update_that_does_not_fit_is_refused_and_says_why()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        await dynamo.PutAsync("plain", "v"u8.ToArray(), DynamoContext.None, AtAll);
        var plain = await Assert.ThrowsAsync<DynamoUpdateException>(() => dynamo.ApplyAsync("plain", DynamoUpdate.Increment(), AtAll));
        Assert.Equal("the key holds a plain value, not only a counter: delete it first", plain.Message);

        await dynamo.ApplyAsync("likes", DynamoUpdate.Increment(long.MaxValue), AtAll);
        await Assert.ThrowsAsync<DynamoUpdateException>(() => dynamo.ApplyAsync("likes", DynamoUpdate.Increment(), AtAll));
        Assert.Equal([new CounterData(long.MaxValue)], (await dynamo.GetAsync("likes")).Data);

        var got = await dynamo.GetAsync("likes");
        await dynamo.DeleteAsync("likes", got.Context, AtAll);
        Assert.False((await dynamo.GetAsync("likes")).IsFound);
        Assert.Equal(1, (await dynamo.ApplyAsync("likes", DynamoUpdate.Increment(), AtAll)).Counter);
    }

    private static long? CounterAt(NodesInProcess nodes, NodeId node)
    {
        var set = nodes.EngineOf(node).Read(new RecordKey(StorageKey.Of("likes"))).Versions;
        return Core.DataTypes.TypedSiblings.Of(set, 0).Values.Select(v => v.View).OfType<Core.DataTypes.DataView.Counter>().FirstOrDefault()?.Value;
    }
}
