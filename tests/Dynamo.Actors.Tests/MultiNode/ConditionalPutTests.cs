using System.Text;
using Dynamo.Client;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Conditional puts over whole nodes.</summary>
public sealed class ConditionalPutTests : MultiNodeTest
{
    [Fact]
    public async Task Of_many_puts_if_absent_at_once_exactly_one_is_stored()
    {
        await using var nodes = new NodesInProcess(5);
        await AwaitAgreedAsync(nodes);
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => nodes.ConnectAsync()));
        foreach (var key in Enumerable.Range(0, 20).Select(i => $"lock-{i}"))
        {
            var tries = await Task.WhenAll(clients.Select((client, i) => TryAsync(() => client.PutIfAbsentAsync(key, Encoding.UTF8.GetBytes($"{i}")))));
            var winner = Assert.Single(tries, t => t is not null);
            Assert.True(winner!.Condition!.IsFirst);
            Assert.InRange(winner.Condition.Answered, 2, 3);
            Assert.Single((await clients[0].GetAsync(key)).Values);
        }
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task A_put_if_unchanged_with_a_stale_context_is_refused_and_the_context_of_the_refusal_resolves_the_key()
    {
        await using var nodes = new NodesInProcess(3);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        var first = await dynamo.PutIfUnchangedAsync("key", "1"u8.ToArray(), DynamoContext.None);
        var second = await dynamo.PutIfUnchangedAsync("key", "2"u8.ToArray(), first.Context);
        var stale = await Assert.ThrowsAsync<DynamoConditionException>(() => dynamo.PutIfUnchangedAsync("key", "3"u8.ToArray(), first.Context));
        Assert.Equal("the key has a write that the context has not seen", stale.Message);
        await Assert.ThrowsAsync<DynamoConditionException>(() => dynamo.DeleteIfUnchangedAsync("key", first.Context));
        Assert.Equal("2"u8.ToArray(), (await dynamo.GetAsync("key")).Values.Single().ToArray());

        await dynamo.PutIfUnchangedAsync("key", "3"u8.ToArray(), stale.Context);
        var got = await dynamo.GetAsync("key");
        Assert.Equal("3"u8.ToArray(), got.Values.Single().ToArray());
        await dynamo.DeleteIfUnchangedAsync("key", got.Context);
        Assert.False((await dynamo.GetAsync("key")).IsFound);
        await dynamo.PutIfAbsentAsync("key", "4"u8.ToArray());
        Assert.Single((await dynamo.GetAsync("key")).Values);
    }

    [Fact]
    public async Task When_the_first_replica_is_down_the_next_one_checks()
    {
        await using var nodes = new NodesInProcess(5);
        await AwaitAgreedAsync(nodes);
        await using var dynamo = await nodes.ConnectAsync();
        await dynamo.PutIfAbsentAsync("key", "1"u8.ToArray());
        var first = nodes.Ring.Primaries(nodes.Ring.PartitionOf(Core.Ring.StorageKey.Of("key").Token), 3)[0];
        await nodes.StopAsync(first);
        await AwaitAssertAsync(
            async () =>
            {
                var refused = await Assert.ThrowsAsync<DynamoConditionException>(() => dynamo.PutIfAbsentAsync("key", "2"u8.ToArray(), new RequestSettings(Timeout: TimeSpan.FromSeconds(5))));
                Assert.Equal("the key has a value", refused.Message);
            },
            Limit);
    }

    private static async Task<PutResult?> TryAsync(Func<Task<PutResult>> put)
    {
        try
        {
            return await put();
        }
        catch (DynamoConditionException)
        {
            return null;
        }
    }
}
