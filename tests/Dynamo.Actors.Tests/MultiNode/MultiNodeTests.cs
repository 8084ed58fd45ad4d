using System.Text;
using Dynamo.Client;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Whole nodes and the real client over real remoting; actor systems are killed and started again.</summary>
public sealed class MultiNodeTests : MultiNodeTest
{
    [Fact]
    public async Task Three_nodes_answer_puts_gets_and_deletes()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var put = await dynamo.PutAsync("cart:1", "apple"u8.ToArray(), DynamoContext.None);
        Assert.True(put.Took.Count >= 2);
        Assert.Equal(["apple"], Texts(await dynamo.GetAsync("cart:1")));

        await dynamo.PutAsync("cart:1", "pear"u8.ToArray(), DynamoContext.None);
        var both = await dynamo.GetAsync("cart:1");
        Assert.Equal(["apple", "pear"], Texts(both).Order());

        await dynamo.PutAsync("cart:1", "both"u8.ToArray(), both.Context);
        var resolved = await dynamo.GetAsync("cart:1");
        Assert.Equal(["both"], Texts(resolved));

        await dynamo.DeleteAsync("cart:1", resolved.Context);
        Assert.False((await dynamo.GetAsync("cart:1")).IsFound);
    }

    [Fact]
    public async Task Puts_and_gets_go_on_when_a_node_is_killed_and_it_catches_up_when_it_is_back()
    {
        await using var nodes = new NodesInProcess(5);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var lost = nodes.Names.First();
        await nodes.StopAsync(lost);

        var keys = Enumerable.Range(0, 40).Select(i => $"key-{i}").ToArray();
        foreach (var key in keys) await EventuallyPutAsync(dynamo, key);
        foreach (var key in keys) Assert.True((await dynamo.GetAsync(key)).IsFound);

        nodes.Start(lost);
        await AwaitReplicasEqualAsync(nodes, keys);
        await AwaitAssertAsync(() => Assert.Equal(0, nodes.Names.Sum(n => nodes.EngineOf(n).Figures.Hints)), Limit, Given.Often);
    }

    [Fact]
    public async Task Anti_entropy_alone_refills_a_node_that_lost_its_disk()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var keys = Enumerable.Range(0, 60).Select(i => $"key-{i}").ToArray();
        foreach (var key in keys) await dynamo.PutAsync(key, "v"u8.ToArray(), DynamoContext.None, new RequestSettings(W: 3));

        var wiped = nodes.Names.Last();
        await nodes.StopAsync(wiped);
        nodes.Start(wiped, withData: false);
        await AwaitReplicasEqualAsync(nodes, keys);
        Assert.Equal(keys.Length, nodes.EngineOf(wiped).Figures.Keys);
    }

    // A put that was in flight to the node when it died may fail; the caller then retries it.
    private static async Task EventuallyPutAsync(DynamoClient dynamo, string key)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var seen = await dynamo.GetAsync(key);
                await dynamo.PutAsync(key, "v"u8.ToArray(), seen.Context);
                return;
            }
            catch (DynamoException) when (attempt < 5)
            {
            }
        }
    }

    private Task AwaitReplicasEqualAsync(NodesInProcess nodes, string[] keys) => AwaitAssertAsync(
        () =>
        {
            foreach (var key in keys)
            {
                var stored = StorageKey.Of(key);
                var sets = nodes.Ring.Primaries(nodes.Ring.PartitionOf(stored.Token), 3).ToArray().Select(p => nodes.EngineOf(p).Read(new RecordKey(stored)).Versions).ToArray();
                Assert.False(sets[0].IsEmpty, $"{key} is missing");
                Assert.All(sets, s => Assert.Equal(sets[0], s));
            }
        },
        Limit, Given.Often);

    private static IEnumerable<string> Texts(GetResult got) => got.Values.Select(v => Encoding.UTF8.GetString(v.Span));
}
